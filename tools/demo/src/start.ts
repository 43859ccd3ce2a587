import { setTimeout as pause } from 'node:timers/promises';
import { formatDuration } from '@runledger/contracts/format-duration';
import {
  connectSupabase,
  createExecutionReader,
  createLedger,
  createWorkflowService,
} from '@runledger/execution-service';
import { unlessAborted } from '@runledger/host/shutdown';
import { followStanding } from '@runledger/host/standing';
import type { StatusLine } from '@runledger/host/status-line';
import { createStatusLine } from '@runledger/host/status-line';
import { wrap } from '@runledger/host/text';
import openInBrowser from 'open';
import type { Arguments } from './arguments.ts';
import { defineWorkflows } from './catalog.ts';
import { colors } from './colors.ts';
import { createComplaints } from './complaints.ts';
import { openDataFolder } from './data-folder.ts';
import { demonstrate } from './demonstrate.ts';
import { interrupted } from './ending.ts';
import type { DemoEnv } from './env.ts';
import { listenForKeys } from './keys.ts';
import { writeLocalFile } from './local-file.ts';
import { assertPortsFree } from './ports.ts';
import type { Progress } from './progress.ts';
import { createProgress } from './progress.ts';
import type { SignedIn } from './sign-in.ts';
import { signIn } from './sign-in.ts';
import type { Stack } from './stack.ts';
import { startStack } from './stack.ts';
import { assertTemporalAnswers } from './temporal-part.ts';
import { welcome } from './welcome.ts';

/** Of a line where there is no terminal. */
const WIDTH = 120;
/** A call that fails because its server has ended is heard of before the end of the server is. */
const END_HEARD_MS = 500;

/** Demo users, through the API like anybody's, and what the host lets them start. */
async function prepare(stack: Stack, users: SignedIn[], progress: Progress, ending: AbortSignal) {
  const urls = { apiUrl: stack.apiUrl, supabaseUrl: stack.supabaseUrl, anonKey: stack.secrets.keys.publishableKey };
  try {
    await progress.step('Demo users signed in', async () => {
      for (const user of stack.secrets.demoUsers) users.push(await unlessAborted(ending, signIn(user, urls)));
    });
    const workflows = createWorkflowService(
      connectSupabase({ url: stack.supabaseUrl, key: stack.secrets.keys.secretKey }),
    );
    return await progress.step('Demo workflows defined', () =>
      unlessAborted(ending, defineWorkflows(workflows, (users[0] as SignedIn).id, stack.temporal.namespace)),
    );
  } catch (error) {
    await pause(END_HEARD_MS);
    ending.throwIfAborted();
    throw error;
  }
}

const keyWords = (withDemo: boolean) =>
  `Keys: o opens the page, ${withDemo ? 'f lets one fail, ' : ''}q or Ctrl-C stops everything.`;

async function openPage(url: string, line: StatusLine): Promise<void> {
  const words = `No browser could be opened here: open ${url} yourself.`;
  const complain = () => line.above(() => console.log(colors.dim(words)));
  await openInBrowser(url).then((browser) => browser.once('error', complain), complain);
}

/** Keeps the line below the output up to date: how all that are open stand. */
function followStack({ supabaseUrl, secrets, temporal }: Stack, line: StatusLine, signal: AbortSignal): Promise<void> {
  const database = connectSupabase({ url: supabaseUrl, key: secrets.keys.secretKey });
  const reader = createExecutionReader({ asCaller: database, asService: database });
  const { namespace } = temporal;
  return followStanding(line, { reader, ledger: createLedger(database), namespace }, { signal, paint: colors.dim });
}

/**
 * Runs everything until `ending`, and returns when all of it is gone.
 * @throws the reason of `ending`: `interrupted`, or an error that says what failed
 */
export async function start(options: Arguments, env: DemoEnv, ending: AbortController): Promise<never> {
  const progress = createProgress();
  const began = performance.now();
  ending.signal.addEventListener('abort', () => progress.note('Stopping …'));
  await assertPortsFree(env);
  const address = env.TEMPORAL_ADDRESS;
  if (address) {
    await progress.step(`Temporal at ${address} answers`, () =>
      unlessAborted(ending.signal, assertTemporalAnswers(address, env.RUNLEDGER_TEMPORAL_NAMESPACE)),
    );
  }
  const folder = await openDataFolder(env.RUNLEDGER_DIR);
  try {
    if (options.reset) await progress.step('Old data removed', () => folder.reset());
    const line = createStatusLine(process.stdout, env);
    const complain = createComplaints((text) => line.above(() => console.error(colors.red(text))));
    const stack = await startStack({ env, folder, progress, ending, complain, watch: options.watch });
    const users: SignedIn[] = [];
    const keys = listenForKeys(process.stdin, () => process.kill(process.pid, 'SIGINT'));
    ending.signal.addEventListener('abort', () => {
      keys.close();
      line.end();
    });
    try {
      const catalog = await prepare(stack, users, progress, ending.signal);
      await writeLocalFile(folder.path('local.json'), stack);
      console.log(welcome(stack, folder.path('local.json')));
      keys.on('o', () => void openPage(stack.apiUrl, line));
      keys.on('q', () => ending.abort(interrupted));
      const ready = `Ready in ${formatDuration(performance.now() - began)}.`;
      const words = `${ready} ${keys.isThere ? keyWords(options.demo) : 'Ctrl-C stops everything.'}`;
      console.log(
        `${wrap(words, process.stdout.columns ?? WIDTH)
          .map(colors.dim)
          .join('\n')}\n`,
      );
      void followStack(stack, line, ending.signal);
      if (options.demo) {
        await demonstrate(
          { temporal: stack.temporal, users, catalog, complain, keys, line, perMinute: env.RUNLEDGER_DEMO_RATE },
          ending.signal,
        );
      }
      return await unlessAborted(ending.signal, new Promise<never>(() => {}));
    } finally {
      keys.close();
      for (const user of users) user.close();
      await progress.step('Stopped', () => stack.stop());
    }
  } finally {
    folder.release();
  }
}
