import type { Engine } from '@runledger/contracts';
import type { Logger } from 'pino';

/** How long an answer holds, in milliseconds: retentions change by hand, and rarely. */
const HOLDS_MS = 600_000;

/** Knows how long the namespace keeps what has closed, as of the last time it was asked to learn it. */
export function createRetentionKnowledge(deps: {
  engine: Pick<Engine, 'describeNamespace'>;
  namespace: string;
  logger: Logger;
}) {
  let retentionMs: number | null = null;
  let learnedAt = Number.NEGATIVE_INFINITY;
  return {
    /** Milliseconds; `null` while it is not known. */
    current: () => retentionMs,
    /** Never throws: what is not known only leaves a reason out. */
    async learn(): Promise<void> {
      if (performance.now() - learnedAt < HOLDS_MS) return;
      learnedAt = performance.now();
      try {
        ({ retentionMs } = await deps.engine.describeNamespace(deps.namespace));
      } catch (error) {
        deps.logger.debug({ err: error }, 'the retention of the namespace could not be read');
      }
    },
  };
}

export type RetentionKnowledge = ReturnType<typeof createRetentionKnowledge>;
