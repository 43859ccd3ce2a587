/** `npm start`: the whole product on this machine, with users at work. */
import { rm } from 'node:fs/promises';
import { relative } from 'node:path';
import { parseArgs } from 'node:util';
import pc from 'picocolors';
import { defineWorkflows } from './catalog.ts';
import { readDemoEnv } from './env.ts';
import { createProgress } from './progress.ts';
import { signIn } from './sign-in.ts';
import type { Stack } from './stack.ts';
import { startStack } from './stack.ts';
import { createTerminalView } from './terminal-view.ts';
import { runTraffic } from './traffic.ts';

const USAGE = `Starts Runledger on this machine: Supabase API, Temporal, API, worker, and a demo with users at work.

  npm start                 start, keeping the data of the last time
  npm start -- --reset      begin anew: removes the data folder first
  npm start -- --no-demo    without the demo's traffic

Ports and more, by environment variables (defaults):
  RUNLEDGER_API_PORT 54330 · RUNLEDGER_SUPABASE_PORT 54321 · RUNLEDGER_TEMPORAL_PORT 7233
  RUNLEDGER_TEMPORAL_UI_PORT 8233 · RUNLEDGER_DIR .runledger · RUNLEDGER_DEMO_RATE 20 (per minute)
  TEMPORAL_ADDRESS          joins a Temporal server that runs already
`;

function say(stack: Stack, demo: boolean): void {
  const [user] = stack.secrets.demoUsers;
  const rows = [
    ['API (tRPC)', `${stack.apiUrl}/trpc`],
    ['Supabase', stack.supabaseUrl],
    ['Temporal', `${stack.temporal.address}${stack.temporalUiUrl ? `, web page ${stack.temporalUiUrl}` : ''}`],
    ['Sign in as', `${user?.email}, password ${user?.password}`],
    ['For scripts', relative(process.cwd(), `${readDemoEnv().RUNLEDGER_DIR}/local.json`)],
  ];
  console.log();
  for (const [name, value] of rows) console.log(`  ${pc.bold((name as string).padEnd(12))} ${value}`);
  console.log(
    `\n${pc.dim(demo ? 'Each line below is an execution’s end. Ctrl-C stops everything.' : 'Ctrl-C stops everything.')}\n`,
  );
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      help: { type: 'boolean', short: 'h' },
      reset: { type: 'boolean' },
      demo: { type: 'boolean', default: true },
    },
    allowNegative: true,
  });
  if (values.help) {
    console.log(USAGE);
    return 0;
  }
  const env = readDemoEnv();
  const step = createProgress();
  const began = performance.now();
  const stopping = new AbortController();
  const stopped = new Promise<'stopped'>((resolve) => {
    let first = 0;
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.on(signal, () => {
        // One Ctrl-C arrives more than once: from the terminal, and handed on by npm. A later one means it.
        if (first > 0 && performance.now() - first > 1_000) process.exit(130);
        first ||= performance.now();
        stopping.abort();
        resolve('stopped');
      });
    }
  });

  if (values.reset) await step('Old data removed', () => rm(env.RUNLEDGER_DIR, { recursive: true, force: true }));
  const starting = startStack(env, step);
  if ((await Promise.race([starting, stopped])) === 'stopped') {
    await starting.then((stack) => stack.stop()).catch(() => {});
    return 0;
  }
  const stack = await starting;
  try {
    const urls = { apiUrl: stack.apiUrl, supabaseUrl: stack.supabaseUrl, anonKey: stack.secrets.keys.publishableKey };
    const users = await step('Demo users signed in', () =>
      Promise.all(stack.secrets.demoUsers.map((user) => signIn(user, urls))),
    );
    const owner = users[0] as (typeof users)[number];
    const catalog = await step('Demo workflows defined', () => defineWorkflows(owner, stack.namespace));
    console.log(pc.dim(`\nReady in ${((performance.now() - began) / 1000).toFixed(1)} s`));
    say(stack, values.demo);

    const complain = (error: unknown) => console.error(pc.red(`  ${error instanceof Error ? error.message : error}`));
    const view = createTerminalView((line) => console.log(line), complain);
    const following = view.run(stopping.signal);
    const traffic = values.demo
      ? runTraffic(
          {
            users,
            catalog,
            perMinute: env.RUNLEDGER_DEMO_RATE,
            temporal: { address: stack.temporal.address, namespace: stack.namespace },
            onStart: (started) => view.add(started),
            onError: complain,
          },
          stopping.signal,
        )
      : Promise.resolve();
    traffic.catch(complain);
    await Promise.race([stopped, stack.failed]);
    await Promise.allSettled([following, traffic]);
    for (const user of users) user.signOut();
    const { ended, open, p50, worst } = view.summary();
    if (ended > 0)
      console.log(
        pc.dim(`\n${ended} ended, ${open} still open; the ledger knew after ${p50} ms (median), ${worst} ms at worst`),
      );
  } finally {
    stopping.abort();
    await step('Stopped', () => stack.stop());
  }
  return 0;
}

process.exit(
  await main().catch((error: Error) => {
    console.error(`\n${pc.red(error.message)}`);
    return 1;
  }),
);
