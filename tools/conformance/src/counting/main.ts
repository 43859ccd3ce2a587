/** The command that proves the counters; `--help` says what it takes. Exit codes: 0 exact, 1 something differs, 2 bad arguments. */
import { CommanderError } from 'commander';
import { countUnderFire } from './count-under-fire.ts';
import { readCountingArguments } from './counting-arguments.ts';
import { isExact, printCountingReport } from './counting-report.ts';

async function main(): Promise<number> {
  try {
    const { json, ...options } = readCountingArguments(process.argv.slice(2));
    const report = await countUnderFire({
      ...options,
      say: json ? (line) => console.error(line) : (line) => console.log(line),
    });
    if (json) console.log(JSON.stringify({ exact: isExact(report), ...report }, null, 2));
    else printCountingReport(report);
    return isExact(report) ? 0 : 1;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    console.error(error);
    return 1;
  }
}

process.exit(await main());
