import { expect, test } from 'vitest';
import { logTail } from './log-tail.ts';

test('the end of a log is told in whole lines, without blanks and colours', () => {
  const log = Array.from({ length: 40 }, (_, i) => `\x1b[31mline ${i}\x1b[39m  \n\n`).join('');
  const [title, ...lines] = logTail(log).split('\n');
  expect(title).toBe('The end of its log:');
  expect(lines).toEqual(Array.from({ length: 15 }, (_, i) => `  line ${25 + i}`));
});

test('JSON lines become sentences, with the error’s message and what else they carry', () => {
  const time = new Date(2026, 0, 2, 3, 4, 5).getTime();
  const line = JSON.stringify({
    level: 50,
    time,
    pid: 1,
    hostname: 'x',
    name: 'worker',
    msg: 'cannot record',
    executionId: 'e1',
    err: { message: 'connection refused', stack: 'Error …' },
  });
  expect(logTail(`${line}\n{"level":30,"ms\n`).split('\n').slice(1)).toEqual([
    '  03:04:05 error: cannot record · connection refused · executionId="e1"',
    '  {"level":30,"ms',
  ]);
});

test('a part that wrote nothing is said to have', () => {
  expect(logTail(' \n')).toBe('It wrote nothing.');
});
