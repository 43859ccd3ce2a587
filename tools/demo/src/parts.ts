import { logTail } from './log-tail.ts';

/** What of a running part the others need to know. */
export interface Part {
  name: string;
  /** Resolves when it has ended, by whatever cause. */
  ended: Promise<void>;
  tail(): string;
  stop(): Promise<void>;
}

/** `services` use `foundations`, so they stop first. */
export type Layer = 'foundations' | 'services';

/** The parts that run. When one ends by itself, `onEnd` gets an error with its name and the end of its log. */
export function createParts(onEnd: (error: Error) => void) {
  const running: Record<Layer, Part[]> = { foundations: [], services: [] };
  let stopping: Promise<void> | undefined;

  const stopLayer = (layer: Layer) => Promise.allSettled(running[layer].map((part) => part.stop()));

  return {
    add(layer: Layer, part: Part): void {
      running[layer].push(part);
      part.ended.then(() => {
        if (!stopping) onEnd(new Error(`${part.name} has ended, so everything stops. ${logTail(part.tail())}`));
      });
    },
    /** Ends what runs, and returns when it is gone. May be called again. */
    stop(): Promise<void> {
      stopping ??= stopLayer('services').then(async () => {
        await stopLayer('foundations');
      });
      return stopping;
    },
  };
}
