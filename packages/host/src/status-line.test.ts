import { expect, test } from 'vitest';
import { createStatusLine } from './status-line.ts';

function terminal(more: { isTTY?: boolean; columns?: number } = {}) {
  let written = '';
  const write = (text: string | Uint8Array) => {
    written += text;
    return true;
  };
  return { out: { write, isTTY: true, columns: 20, ...more }, written: () => written };
}

const print = (out: { write(text: string): boolean }) => () => void out.write('an end\n');

test('what is printed comes above it, and it is drawn again; at the end it is gone', () => {
  const { out, written } = terminal();
  const line = createStatusLine(out, { TERM: 'xterm' });
  line.show('3 open');
  line.show('3 open');
  line.above(print(out));
  line.end();
  line.above(print(out));
  expect(written()).toBe('\r\u001b[K3 open\r\u001b[Kan end\n\r\u001b[K3 open\r\u001b[Kan end\n');
});

test('it never takes more than one line', () => {
  const { out, written } = terminal();
  createStatusLine(out, {}).show('more than a line of twenty columns has');
  expect(written()).toBe('\r\u001b[Kmore than a line o…');
});

test.each([
  ['a pipe', { isTTY: false }, {}],
  ['a CI', {}, { CI: 'true' }],
  ['a terminal that draws nothing over', {}, { TERM: 'dumb' }],
])('in %s nothing is written but what is printed', (_, more, env) => {
  const { out, written } = terminal(more);
  const line = createStatusLine(out, env);
  line.show('3 open');
  line.above(print(out));
  line.end();
  expect([line.isThere, written()]).toEqual([false, 'an end\n']);
});
