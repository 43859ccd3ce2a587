/** The kit's command; `--help` says what it takes. Exit codes: 0 all agrees, 1 something is wrong, 2 bad arguments. */
import { CommanderError } from 'commander';
import { readArguments } from './arguments.ts';
import { isClean, printReport } from './report.ts';
import { run } from './run.ts';

async function main(): Promise<number> {
  try {
    const options = readArguments(process.argv.slice(2));
    const report = await run({ ...options, say: (line) => console.log(line) });
    printReport(report);
    if (isClean(report)) return 0;
    console.log(`Something is wrong. Logs: ${report.folder}`);
    return 1;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    console.error(error);
    return 1;
  }
}

process.exit(await main());
