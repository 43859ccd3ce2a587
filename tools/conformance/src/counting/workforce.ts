import { setTimeout as pause } from 'node:timers/promises';
import { openPostgres } from '@runledger/local-stack';
import type { Draw } from '../draw.ts';
import { createDraw } from '../draw.ts';
import { insist } from '../insist.ts';
import type { Tally } from './tally.ts';
import { emptyTally } from './tally.ts';
import type { Work } from './writer.ts';
import { fold, write } from './writer.ts';

export interface Workforce {
  tally: Tally;
  /** After each has ended the transaction that it has open. */
  stop(): Promise<void>;
}

/** Writers and folders, each with a connection and draws of its own, until they are told to stop. */
export function setToWork(
  url: string,
  draw: Draw,
  { writers, folders }: { writers: number; folders: number },
): Workforce {
  const tally = emptyTally();
  const stopping = new AbortController();
  const stack = new AsyncDisposableStack();
  const employ = async (work: (work: Work) => Promise<void>) => {
    const db = stack.use(await insist(() => openPostgres(url, { max: 1 })));
    return work({ db, draw: createDraw(draw.integer(0, 0x7fffffff)), tally, until: stopping.signal });
  };
  const working = [
    ...Array.from({ length: writers }, () => employ(write)),
    ...Array.from({ length: folders }, () => employ(fold)),
  ];
  async function stop(): Promise<void> {
    stopping.abort();
    await Promise.all(working);
    await stack.disposeAsync();
  }
  return { tally, stop };
}

/** The same for `ms` milliseconds. */
export async function workFor(ms: number, ...[url, draw, hands]: Parameters<typeof setToWork>): Promise<Tally> {
  const { tally, stop } = setToWork(url, draw, hands);
  await pause(ms);
  await stop();
  return tally;
}
