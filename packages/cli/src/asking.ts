import type { Terminal } from './terminal.ts';

/** Whoever waits longer is told that it goes on, in milliseconds. */
const SAID_AFTER_MS = 1_000;

/** Waits for an answer. A terminal says so meanwhile, and no longer once it has come. */
export async function asking<T>({ progress }: Pick<Terminal, 'progress'>, answer: Promise<T>): Promise<T> {
  let isSaid = false;
  const timer = setTimeout(() => {
    isSaid = true;
    progress('asking …');
  }, SAID_AFTER_MS);
  try {
    return await answer;
  } finally {
    clearTimeout(timer);
    if (isSaid) progress(null);
  }
}
