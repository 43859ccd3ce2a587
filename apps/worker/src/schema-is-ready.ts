import { setTimeout as delay } from 'node:timers/promises';
import type { SchemaLedger } from '@runledger/contracts';
import { askSchema } from '@runledger/host/schema-versions';
import type { Logger } from 'pino';

/**
 * Waits until the database has the schema of this release or a newer one: with an older one this worker would take the monitor over from
 * workers that can follow, and fail. A database that does not answer is waited for by the monitor itself.
 * @param options.againMs Before the database is asked again. Default 2,000.
 */
export async function schemaIsReady({
  ledger,
  logger,
  shutdown,
  againMs = 2_000,
}: {
  ledger: SchemaLedger;
  logger: Pick<Logger, 'error' | 'warn'>;
  shutdown: AbortSignal;
  againMs?: number;
}): Promise<void> {
  let said = '';
  while (!shutdown.aborted) {
    const remark = await askSchema(ledger);
    if (remark && remark.says !== said) logger[remark.level]({ advice: remark.advice }, remark.says);
    if (remark?.level !== 'error') return;
    said = remark.says;
    await delay(againMs, undefined, { signal: shutdown }).catch(() => undefined);
  }
}
