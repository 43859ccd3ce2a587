import { emitKeypressEvents } from 'node:readline';

type Input = NodeJS.ReadableStream & { isTTY?: boolean; setRawMode?(isRaw: boolean): unknown };

/** What single keys do. */
export interface Keys {
  /** Whether there is somebody to press them. */
  isThere: boolean;
  on(key: string, act: () => unknown): void;
  /** Keys are the terminal's own again. */
  close(): void;
}

/** Takes keys one by one, without Enter, where there is a terminal. Ctrl-C stays what it is: `interrupt` is called for it. */
export function listenForKeys(stdin: Input, interrupt: () => void): Keys {
  const acts = new Map<string, () => unknown>();
  if (!stdin.isTTY || !stdin.setRawMode) return { isThere: false, on: () => {}, close: () => {} };
  const listen = (_: string | undefined, key: { name?: string; ctrl?: boolean }) => {
    if (key.ctrl) {
      if (key.name === 'c') interrupt();
      return;
    }
    acts.get(key.name ?? '')?.();
  };
  emitKeypressEvents(stdin);
  stdin.on('keypress', listen);
  stdin.setRawMode(true);
  stdin.resume();
  return {
    isThere: true,
    on: (key, act) => void acts.set(key, act),
    close() {
      stdin.off('keypress', listen);
      stdin.setRawMode?.(false);
      stdin.pause();
    },
  };
}
