import { setTimeout as pause } from 'node:timers/promises';
import { ExecutionError } from '@runledger/contracts';
import openInBrowser from 'open';
import type { ExitCode } from './exit-code.ts';
import { EXIT } from './exit-code.ts';
import { explain } from './explain.ts';
import type { Registry } from './registry.ts';
import { isAway, periodOf } from './repeat.ts';
import type { CommandContext, CommonOptions } from './run-command.ts';
import type { Screen } from './screen.ts';
import { openScreen } from './screen.ts';
import type { TopWanted } from './top-read.ts';
import { createTopReader } from './top-read.ts';
import type { TopState } from './top-view.ts';
import { roomFor, topLines } from './top-view.ts';
import { zoneOf } from './words.ts';

interface TopOptions extends CommonOptions {
  every: string;
  open?: boolean;
}

/** How often what runs counts on, in milliseconds. */
const DRAW_MS = 1_000;
/** What one request answers. */
const MOST_ROWS = 200;
const INSTEAD = 'Call `runledger status`, or `runledger export` for rows.';

export function addTop({ command, run }: Registry): void {
  command('top', {
    description: 'Shows the newest executions of everybody on the whole terminal, as they change.',
    examples: ['runledger top', 'runledger top --open', 'runledger top --every 5s'],
  })
    .option('--open', 'only those that have not ended')
    .option('--every <duration>', 'how often it reads', '2s')
    .action((options: TopOptions) => run(options, (context) => top(context, options)));
}

/** @throws ExecutionError `invalid_input` where there is no terminal, and with --json */
async function top(context: CommandContext, options: TopOptions): Promise<ExitCode> {
  const { host, json } = context;
  const everyMs = periodOf(options.every);
  if (json) throw new ExecutionError('invalid_input', 'top draws on a terminal. Call `runledger export` for JSON.');
  const read = createTopReader(context.connections);
  const wanted: TopWanted = { limit: 1, isOpenOnly: options.open ?? false };
  // What is wrong from the beginning is reported below the command, not drawn and gone.
  if (host.stdin.isTTY && host.stdout.isTTY) await read(wanted);
  const screen = openScreen(host, INSTEAD);
  let chosen: string | null = null;
  try {
    chosen = await show({ ...context, screen, read, wanted, everyMs });
  } finally {
    screen.leave();
  }
  return chosen === null ? EXIT.fine : explain(context, { id: chosen, payloads: false, utc: false });
}

interface Shown extends Pick<CommandContext, 'host' | 'env' | 'terminal'> {
  screen: Screen;
  read: ReturnType<typeof createTopReader>;
  wanted: TopWanted;
  everyMs: number;
}

/** Draws until a key or a signal ends it. @returns id of the row that is to be explained, or `null` */
async function show({ host, env, terminal, screen, read, wanted, everyMs }: Shown): Promise<string | null> {
  const ending = new AbortController();
  host.ending?.().addEventListener('abort', () => ending.abort());
  const zone = zoneOf(host.env);
  let state: Omit<TopState, 'isOpenOnly' | 'now' | 'zone'> | null = null;
  let chosen: string | null = null;
  let again = new AbortController();

  function draw(): void {
    if (!state || ending.signal.aborted) return;
    const { width, height } = screen;
    const { isOpenOnly } = wanted;
    screen.draw(topLines({ ...state, isOpenOnly, zone, now: Date.now() }, { colors: terminal.colors, width, height }));
  }
  async function look(): Promise<void> {
    wanted.limit = Math.min(MOST_ROWS, roomFor(screen.height));
    try {
      const facts = await read(wanted);
      const isThere = facts.rows.some(({ id }) => id === state?.selected);
      const selected = (isThere && state?.selected) || (facts.rows[0]?.id ?? null);
      state = { facts, selected, away: null, said: state?.said ?? null };
    } catch (error) {
      if (!state || !isAway(error)) throw error;
      state = { ...state, away: state.away ?? { since: Date.now(), message: error.message } };
    }
  }
  function move(step: number): void {
    if (!state) return;
    const ids = state.facts.rows.map(({ id }) => id);
    const next = Math.max(0, Math.min(ids.length - 1, ids.indexOf(state.selected ?? '') + step));
    state = { ...state, selected: ids[next] ?? null, said: null };
  }
  async function open(): Promise<void> {
    if (!state?.selected) return;
    const said = await openExecution(env.RUNLEDGER_DASHBOARD_URL, state.selected);
    state = { ...state, said };
  }
  const quit = () => ending.abort();
  const keys: Record<string, () => unknown> = {
    up: () => move(-1),
    k: () => move(-1),
    down: () => move(1),
    j: () => move(1),
    q: quit,
    escape: quit,
    'ctrl-c': quit,
    o: open,
    a() {
      wanted.isOpenOnly = !wanted.isOpenOnly;
      again.abort();
    },
    return() {
      chosen = state?.selected ?? null;
      quit();
    },
  };
  screen.onKey((key) => void Promise.resolve(keys[key]?.()).then(draw));
  // A larger terminal has room for more rows.
  screen.onResize(() => {
    draw();
    again.abort();
  });
  const clock = setInterval(draw, DRAW_MS);
  try {
    while (!ending.signal.aborted) {
      await look();
      draw();
      again = new AbortController();
      const signal = AbortSignal.any([ending.signal, again.signal]);
      await pause(everyMs, undefined, { signal }).catch(() => undefined);
    }
  } finally {
    clearInterval(clock);
  }
  return chosen;
}

/** @returns what went wrong, or `null` */
async function openExecution(base: string | undefined, id: string): Promise<string | null> {
  if (!base) return 'Where is the page? Set RUNLEDGER_DASHBOARD_URL.';
  const address = new URL(`executions/${id}`, base.endsWith('/') ? base : `${base}/`).href;
  return openInBrowser(address).then(
    () => null,
    () => `No browser could be opened here: ${address}`,
  );
}
