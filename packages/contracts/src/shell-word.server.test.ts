import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { shellWord } from './shell-word.ts';

test.each([
  'order-12:berlin/2026.11',
  '',
  'two words',
  "it's",
  '$(touch /tmp/x); `id`',
  '"quoted" \\ back',
  'a\nb',
  '~root',
  'A=B*?[a]',
])('a shell reads %j as one word, as it is', (text) => {
  expect(execFileSync('sh', ['-c', `printf %s ${shellWord(text)}`], { encoding: 'utf8' })).toBe(text);
});

test('what needs no quotes has none', () => {
  expect(shellWord('order-12:berlin/2026.11')).toBe('order-12:berlin/2026.11');
});
