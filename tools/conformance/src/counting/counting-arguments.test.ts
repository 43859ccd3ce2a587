import { CommanderError } from 'commander';
import { expect, test } from 'vitest';
import { readCountingArguments } from './counting-arguments.ts';

test('without arguments the command is the long one', () => {
  expect(readCountingArguments([])).toEqual({
    checks: 1000,
    crashes: 100,
    seed: 1,
    writers: 8,
    verifyEvery: 1,
    json: false,
  });
});

test.each([
  ['--checks', 'many'],
  ['--writers', '0'],
  ['--mutant', 'unknown'],
  ['--crash', '1'],
])('%s %s makes no sense', (...given) => {
  expect(() => readCountingArguments(given)).toThrow(CommanderError);
});
