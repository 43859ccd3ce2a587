import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Step } from './run-steps.ts';
import { runInTurn, runSideBySide } from './run-steps.ts';

const node = (name: string, code: string): Step => ({ name, command: process.execPath, args: ['-e', code] });

let lines: string[];
beforeEach(() => {
  lines = [];
  vi.spyOn(console, 'log').mockImplementation((line: string) => void lines.push(line));
});
afterEach(() => vi.restoreAllMocks());

test('checks side by side show every mistake in one call, each whole, and answer with the first code', async () => {
  const steps = [
    node('fine', 'console.log("of no interest")'),
    node('types', 'console.error("src/a.ts: wrong type"); process.exit(2)'),
    node('format', 'console.log("src/b.ts: wrong format"); setTimeout(() => process.exit(3), 300)'),
  ];
  expect(await runSideBySide(steps)).toBe(2);
  const said = lines.join('\n');
  expect(said).toMatch(/✗ types .*\n\n▸ .*\nsrc\/a\.ts: wrong type\n/);
  expect(said).toMatch(/✗ format .*\n\n▸ .*\nsrc\/b\.ts: wrong format\n/);
  expect(said).toContain('Failed: types, format');
  expect(said).toContain('✓ fine');
  expect(said).not.toContain('of no interest');
});

test('a step whose command does not exist fails and says so', async () => {
  expect(await runSideBySide([{ name: 'gone', command: 'no-such-command-here', args: [] }])).toBe(1);
  expect(lines.join('\n')).toContain('no-such-command-here ENOENT');
});

test('steps in turn stop at the first that fails', async () => {
  const steps = [node('first', ''), node('second', 'process.exit(4)'), node('third', '')];
  expect(await runInTurn(steps)).toBe(4);
  expect(lines.join('\n')).toContain('✗ second');
  expect(lines.join('\n')).not.toContain('third');
});
