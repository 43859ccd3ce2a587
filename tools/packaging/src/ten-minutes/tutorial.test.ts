import { expect, test } from 'vitest';
import { commandsOfTutorial } from './tutorial.ts';

test('the tutorial leads from an empty folder to the first execution in at most eight commands', async () => {
  const commands = await commandsOfTutorial();
  expect(commands.length).toBeLessThanOrEqual(8);
  expect(commands[0]).toMatch(/^npx create-next-app/);
  expect(commands.filter((command) => command.startsWith('npx runledger init'))).toHaveLength(1);
  expect(commands.at(-1)).toMatch(/^npx runledger dev --with/);
});
