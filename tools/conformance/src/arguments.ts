import { resolve } from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import { FAULTS } from './faults/faults.ts';
import { KINDS } from './kinds/kinds.ts';
import type { RunOptions } from './run.ts';
import { wholeNumber } from './whole-number.ts';

const namesAmong =
  (what: string, all: readonly { name: string }[]) =>
  (text: string, before: string[] = []): string[] => {
    const names = all.map(({ name }) => name).filter((name) => name.includes(text));
    if (names.length > 0) return [...before, ...names];
    throw new InvalidArgumentError(`No ${what} has this in its name: ${all.map(({ name }) => name).join('; ')}.`);
  };
const kindNames = namesAmong('kind', KINDS);

/** @throws CommanderError after it has said what is wrong, or has shown the help (its `exitCode` is 0 then) */
export function readArguments(given: string[]): Pick<RunOptions, 'executions'> & Partial<RunOptions> {
  const path = (text: string) => resolve(text);
  const command = new Command('runledger-conformance')
    .description('Runs executions that end in every way while parts fail, then compares each row with Temporal.')
    .option('-n, --executions <n>', 'how many are started', wholeNumber(1), 1000)
    .option('-s, --seed <n>', 'the same seed gives the same executions and faults', wholeNumber(0), 1)
    .option('-f, --faults <n>', 'how often something goes wrong (default: once for 40 executions)', wholeNumber(0))
    .option('--only <part of a name>', 'only kinds with this in their name; may be repeated', kindNames)
    .option('--skip <part of a name>', 'no kinds with this in their name; may be repeated', kindNames)
    .option(
      '--fault <part of a name>',
      'only faults with this in their name; may be repeated',
      namesAmong('fault', FAULTS),
    )
    .option('--settle-seconds <n>', 'how long the ledger has to agree in the end', wholeNumber(1), 120)
    .option('--api <file>', "the API's main file (default: of this repository)", path)
    .option('--worker <file>', "the monitor worker's main file (default: of this repository)", path)
    .addOption(new Option('--workers <n>', 'monitor workers').argParser(wholeNumber(1)).default(2))
    .option('--no-timelines', 'leave the frozen timelines out of the comparison')
    .option('--keep', 'keep logs and data even where all agrees')
    .exitOverride()
    .parse(given, { from: 'user' });
  const options = command.opts();
  const isWanted = (name: string) => (options.only?.includes(name) ?? true) && !options.skip?.includes(name);
  return {
    executions: options.executions,
    seed: options.seed,
    faults: options.faults,
    kinds: KINDS.filter(({ name }) => isWanted(name)),
    possibleFaults: FAULTS.filter(({ name }) => options.fault?.includes(name) ?? true),
    settleMs: options.settleSeconds * 1000,
    apiMain: options.api,
    workerMain: options.worker,
    workers: options.workers,
    timelines: options.timelines,
    keep: options.keep,
  };
}
