/** `npm start`: the whole product on this machine, with users at work. */
import { readArguments, USAGE } from './arguments.ts';
import { colors } from './colors.ts';
import { interrupted } from './ending.ts';
import type { DemoEnv } from './env.ts';
import { readDemoEnv } from './env.ts';
import { endOnSignals } from './signals.ts';
import { start } from './start.ts';

/** Exit codes: 0 after Ctrl-C, 1 when something failed, 2 for invalid arguments or variables. */
async function main(): Promise<number> {
  const complain = (error: unknown) => console.error(`\n${colors.red((error as Error).message)}`);
  let env: DemoEnv;
  let options: ReturnType<typeof readArguments>;
  try {
    options = readArguments(process.argv.slice(2));
    env = readDemoEnv();
  } catch (error) {
    complain(error);
    return 2;
  }
  if (options.help) {
    console.log(USAGE);
    return 0;
  }
  const ending = new AbortController();
  endOnSignals(ending);
  try {
    await start(options, env, ending);
    return 0;
  } catch (error) {
    if (error === interrupted) return 0;
    complain(error);
    return 1;
  }
}

process.exit(await main());
