/** The reason of an end that somebody asked for (Ctrl-C), as opposed to a part that has ended by itself. */
export const interrupted = new Error('interrupted');
