import type { LedgerFigures, Proof, ProofLedger } from '@runledger/contracts';
import type { Logger } from 'pino';
import type { HintFigures } from '../hints/hints.ts';
import { MONITOR_VERSION } from '../monitor-version.ts';
import { runLoop } from '../pacing/loop.ts';
import { missedPromises } from './missed-promises.ts';
import { createPeriodReached } from './period-reached.ts';

const PUBLISH_EVERY_MS = 15_000;
/** The figures are counted over all that is open: where that is much, more seldom, so that the counting costs the same. */
const OPEN_PER_MS = 5;

/** What the parts of a monitor say of themselves. */
interface MonitorFigures extends HintFigures {
  diverging: number;
  alarm: string | null;
  retentionMs: number | null;
  broughtParts: Proof['broughtParts'];
}

export interface ProofPublisherOptions {
  ledger: ProofLedger;
  namespace: string;
  logger: Logger;
  identity: string;
  periodMs: number;
  figures(): MonitorFigures;
  published?(proof: Proof): void;
}

/** Publishes the proof every 15 s, or as often as the reconciler's period asks for; with 200,000 open every 40 s. */
export function createProofPublisher(options: ProofPublisherOptions) {
  const { ledger, namespace, logger, identity, periodMs, published } = options;
  const startedAt = new Date().toISOString();
  const reached = createPeriodReached(periodMs);
  let complained = '';

  function missed(of: Parameters<typeof missedPromises>[0]): string[] {
    const sentences = missedPromises(of);
    // Figures grow with each look; what is missed is news once.
    const kinds = sentences.map((sentence) => sentence.replace(/[\d.]+ \w+/g, '')).join();
    if (kinds !== complained)
      logger.warn({ missed: sentences }, sentences.length > 0 ? 'a promise is missed' : 'all promises are kept again');
    complained = kinds;
    return sentences;
  }

  return {
    run: (signal: AbortSignal) =>
      runLoop({
        name: 'proof',
        everyMs: Math.min(PUBLISH_EVERY_MS, periodMs),
        signal,
        logger,
        async turn() {
          const figures = await ledger.figures(namespace);
          const { diverging, alarm, retentionMs, broughtParts, ...monitor } = options.figures();
          const periodReachedMs = reached.see(figures);
          const proof: Proof = {
            ...figures,
            at: new Date().toISOString(),
            diverging,
            alarm,
            diverged: figures.recorded.reconciler?.count ?? 0,
            broughtParts,
            feedMissRate: missRate(figures),
            periodMs,
            periodReachedMs,
            retentionMs,
            missed: missed({ ...figures, periodMs, periodReachedMs }),
            monitor: { version: MONITOR_VERSION, identity, startedAt, ...monitor },
          };
          await ledger.publishProof(namespace, proof);
          published?.(proof);
          return Math.min(periodMs, Math.max(PUBLISH_EVERY_MS, figures.open / OPEN_PER_MS));
        },
      }),
  };
}

/** Pure: which part of the recorded ends only the reconciler found. */
export function missRate({ recorded }: Pick<LedgerFigures, 'recorded'>): number | null {
  const all = Object.values(recorded).reduce((sum, { count }) => sum + count, 0);
  return all === 0 ? null : (recorded.reconciler?.count ?? 0) / all;
}
