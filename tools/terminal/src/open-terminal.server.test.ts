import { expect, test } from 'vitest';
import { openTerminal } from './open-terminal.ts';

test('a program has a terminal of its size, hears what is pressed, and what it wrote is on the screen', async () => {
  const shown = openTerminal('/bin/sh', ['-c', 'stty size; read word; printf "\\033[31mgot %s\\033[0m\\n" "$word"'], {
    columns: 40,
    rows: 5,
  });
  await expect.poll(shown.screen).toContain('5 40');
  shown.press('this\r');
  expect(await shown.ended).toBe(0);
  expect(shown.screen()).toBe('5 40\nthis\ngot this');
});

test('what it puts over the screen, and a hidden cursor, are known', async () => {
  const shown = openTerminal('/bin/sh', ['-c', 'printf "\\033[?1049h\\033[?25lover"; read _; exit 3']);
  await expect.poll(shown.screen).toBe('over');
  expect([shown.isOverlaid(), shown.isCursorShown()]).toEqual([true, false]);
  shown.press('\r');
  expect(await shown.ended).toBe(3);
});
