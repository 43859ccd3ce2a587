import { expect, test } from 'vitest';
import { endLine } from './end-line.ts';

const of = { workflow: 'Order', user: 'ada' };
const recorded = new Date(2026, 0, 2, 10, 55, 8, 24);
const ended = {
  id: '0199d8f0-4a3b-7c6d-8e9f-0a1b2c3d4e5f',
  status: 'completed',
  completedAt: new Date(recorded.getTime() - 24).toISOString(),
  recordedAt: recorded.toISOString(),
  durationMs: 3_120,
  errorMessage: null as string | null,
};

test('an end is one line: when, how, what, how long it ran, how long until it was recorded, which one, whose', () => {
  expect(endLine(of, ended)).toBe('10:55:08 ✓ completed  Order                3.1 s recorded in   24 ms …4e5f ada');
});

test.each([
  ['completed', '✓ completed '],
  ['failed', '✗ failed    '],
  ['cancelled', '⊘ cancelled '],
  ['timed_out', '◷ timed out '],
  ['terminated', '■ terminated'],
])('%s has its own mark, and the columns stay where they are', (status, words) => {
  const line = endLine(of, { ...ended, status });
  expect(line).toContain(words);
  expect(line.indexOf('Order')).toBe(22);
  expect([...line]).toHaveLength([...endLine(of, ended)].length);
});

test('a long name is cut, and what follows stays in its column', () => {
  const line = endLine({ workflow: 'A workflow with a name of its own', user: 'somebody.with.a.long.name' }, ended);
  expect(line).toContain(' A workflow with a…  ');
  expect(line.indexOf('recorded in')).toBe(endLine(of, ended).indexOf('recorded in'));
  expect([...line].length).toBeLessThanOrEqual(86);
});

test('it fits in 80 columns for the demo’s users', () => {
  const slow = { ...ended, status: 'terminated', durationMs: 99_900, completedAt: new Date(0).toISOString() };
  expect([...endLine({ workflow: 'x'.repeat(50), user: 'linus' }, slow)].length).toBeLessThanOrEqual(80);
});

test('a reason stands below, each line cut at the width of the terminal, three lines at most', () => {
  const errorMessage = `scoreApplicant failed: ${'x'.repeat(200)}\n\n  at one\n\tat two\r\nat three`;
  const [, ...reason] = endLine(of, { ...ended, status: 'failed', errorMessage }, { columns: 80 }).split('\n');
  expect(reason).toEqual([
    `           scoreApplicant failed: ${'x'.repeat(45)}…`,
    '             at one',
    '             at two …',
  ]);
  expect([...(reason[0] as string)]).toHaveLength(80);
});

test('the command that tells more of it stands below, whole', () => {
  const [, reason, command] = endLine(
    of,
    { ...ended, status: 'failed', errorMessage: 'no' },
    { withCommand: true },
  ).split('\n');
  expect([reason?.trim(), command?.trim()]).toEqual(['no', `npm run runledger -- explain ${ended.id}`]);
});

test('a reason cannot move the cursor or ring the bell', () => {
  const errorMessage = '\x1b[2J\x1b[1;1Hgone\x07 \x9b31mred';
  const line = endLine(of, { ...ended, status: 'failed', errorMessage });
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be there
  expect(line).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f]/);
  expect(line).toContain('gone');
});

test('no line ends with blanks', () => {
  for (const errorMessage of [null, '', 'short', 'two  \nlines  ']) {
    for (const line of endLine(of, { ...ended, errorMessage }).split('\n')) expect(line).toBe(line.trimEnd());
  }
});
