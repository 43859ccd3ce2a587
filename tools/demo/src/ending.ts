/** The reason of an end that somebody asked for (Ctrl-C), as opposed to a part that has ended by itself. */
export const interrupted = new Error('interrupted');

/**
 * What `work` gives, or the reason of `ending` as soon as it comes. The work is not stopped by this: it must see the
 * signal itself, or not matter any more.
 */
export async function unlessEnding<T>(ending: AbortSignal, work: Promise<T>): Promise<T> {
  let tell = () => {};
  const ended = new Promise<never>((_, reject) => {
    tell = () => reject(ending.reason);
    if (ending.aborted) tell();
    else ending.addEventListener('abort', tell, { once: true });
  });
  try {
    return await Promise.race([work, ended]);
  } finally {
    ending.removeEventListener('abort', tell);
  }
}
