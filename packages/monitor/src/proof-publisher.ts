import type { FeedState, Ledger, LedgerFigures, Proof } from '@runledger/contracts';
import type { Logger } from 'pino';
import { runLoop } from './loop.ts';
import { MONITOR_VERSION } from './monitor-version.ts';

const PUBLISH_EVERY_MS = 15_000;

/** What the parts of a monitor say of themselves. */
interface MonitorStanding {
  diverging: number;
  alarm: string | null;
  watching: number;
  watchCap: number;
  closureFeed: FeedState;
  startFeed: FeedState;
}

export interface ProofPublisherOptions {
  ledger: Pick<Ledger, 'figures' | 'publishProof'>;
  namespace: string;
  logger: Logger;
  identity: string;
  periodMs: number;
  standing(): MonitorStanding;
  published?(proof: Proof): void;
}

/** Publishes the proof every 15 s, or as often as the reconciler's period asks for. */
export function createProofPublisher(options: ProofPublisherOptions) {
  const { ledger, namespace, logger, identity, periodMs, standing, published } = options;
  const startedAt = new Date().toISOString();
  return {
    run: (signal: AbortSignal) =>
      runLoop({
        name: 'proof',
        everyMs: Math.min(PUBLISH_EVERY_MS, periodMs),
        signal,
        logger,
        async turn() {
          const figures = await ledger.figures(namespace);
          const { diverging, alarm, ...monitor } = standing();
          const proof: Proof = {
            ...figures,
            at: new Date().toISOString(),
            diverging,
            alarm,
            diverged: figures.recorded.reconciler?.count ?? 0,
            feedMissRate: missRate(figures),
            periodMs,
            monitor: { version: MONITOR_VERSION, identity, startedAt, ...monitor },
          };
          await ledger.publishProof(namespace, proof);
          published?.(proof);
        },
      }),
  };
}

/** Pure: which part of the recorded ends only the reconciler found. */
export function missRate({ recorded }: Pick<LedgerFigures, 'recorded'>): number | null {
  const all = Object.values(recorded).reduce((sum, { count }) => sum + count, 0);
  return all === 0 ? null : (recorded.reconciler?.count ?? 0) / all;
}
