import { parseArgs } from 'node:util';

export const USAGE = `Starts Runledger on this machine: Supabase API, Temporal, API, worker, and a demo with users at work.

  npm start                 start, keeping the data of the last time
  npm start -- --reset      start over: removes the data first
  npm start -- --no-demo    without the demo's traffic
  npm start -- --watch      starts the API and the worker anew when their source changes
  npm start -- --help       this text
  npm run dev               the same as npm start -- --watch --no-demo

Ports and more, by environment variables (defaults):
  RUNLEDGER_API_PORT            54330
  RUNLEDGER_SUPABASE_PORT       54321
  RUNLEDGER_TEMPORAL_PORT       7233
  RUNLEDGER_TEMPORAL_UI_PORT    8233
  RUNLEDGER_TEMPORAL_NAMESPACE  default
  RUNLEDGER_DIR                 .runledger, the folder of the data
  RUNLEDGER_DEMO_RATE           20, executions that the demo's users start per minute; 0 for none
  TEMPORAL_ADDRESS              none; joins a Temporal server that runs already
  NO_COLOR                      none; set to anything for output without colours`;

export interface Arguments {
  help: boolean;
  reset: boolean;
  demo: boolean;
  watch: boolean;
}

/** @throws Error with one sentence about the invalid argument */
export function readArguments(args: string[]): Arguments {
  try {
    const { values } = parseArgs({
      args,
      options: {
        help: { type: 'boolean', short: 'h', default: false },
        reset: { type: 'boolean', default: false },
        demo: { type: 'boolean', default: true },
        watch: { type: 'boolean', default: false },
      },
      allowNegative: true,
    });
    return values;
  } catch (cause) {
    // Node goes on to explain how a positional argument would be written; there are none here.
    const [sentence] = (cause as Error).message.split('. ');
    throw new Error(`${sentence}. \`npm start -- --help\` says what there is.`, { cause });
  }
}
