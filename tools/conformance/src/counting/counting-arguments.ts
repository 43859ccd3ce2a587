import { Command, Option } from 'commander';
import { wholeNumber } from '../whole-number.ts';
import type { CountingOptions } from './count-under-fire.ts';
import { PLANTED_MISTAKES } from './planted-mistakes.ts';

/** @throws CommanderError after it has said what is wrong, or has shown the help (its `exitCode` is 0 then) */
export function readCountingArguments(given: string[]): CountingOptions & { json: boolean } {
  return new Command('runledger-counting')
    .description(
      'Changes executions from all sides while the database crashes, and compares every counter with the rows.',
    )
    .option('-n, --checks <n>', 'how often everything is compared', wholeNumber(2), 1000)
    .option('-c, --crashes <n>', 'how often the server is stopped at once', wholeNumber(0), 100)
    .option('-s, --seed <n>', 'the same seed gives each writer the same deeds', wholeNumber(0), 1)
    .option('-w, --writers <n>', 'how many write at once', wholeNumber(1), 8)
    .option('--verify-every <n>', 'at which checks verify_execution_stats is asked too', wholeNumber(1), 1)
    .addOption(
      new Option('--mutant <name>', 'plants a mistake, which must be found').choices(Object.keys(PLANTED_MISTAKES)),
    )
    .option('--json', 'print the report as JSON', false)
    .exitOverride()
    .parse(given, { from: 'user' })
    .opts();
}
