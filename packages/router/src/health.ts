import type { Engine, PingLedger, UnprovenLedger } from '@runledger/contracts';
import { z } from 'zod';

/** Whether the two things that everything needs answer. Says nothing about where they are or why they do not. */
export const HealthReport = z.object({
  status: z.enum(['ok', 'degraded']),
  ledger: z.boolean(),
  engine: z.boolean(),
  /** A monitor follows every namespace that has unsettled executions; `null` where the ledger does not answer. */
  followed: z.boolean().nullable(),
});
export type HealthReport = z.infer<typeof HealthReport>;

/** Asks both at once, and waits at most `withinMs` milliseconds. Never throws. */
export async function checkHealth(
  { ledger, engine }: { ledger: PingLedger & UnprovenLedger; engine: Pick<Engine, 'ping'> },
  withinMs: number,
): Promise<HealthReport> {
  const [ledgerAnswers, engineAnswers, followed] = await Promise.all([
    inTime(() => ledger.ping(), withinMs).then((answer) => answer !== null),
    inTime(() => engine.ping(), withinMs).then((answer) => answer !== null),
    inTime(() => ledger.unprovenNamespaces(), withinMs),
  ]);
  return {
    status: ledgerAnswers && engineAnswers ? 'ok' : 'degraded',
    ledger: ledgerAnswers,
    engine: engineAnswers,
    // Not `degraded`: the API serves what it has, and no balancer should take it away for a worker that is missing.
    followed: followed && followed.answer.length === 0,
  };
}

/** `null` for what failed or took too long. */
async function inTime<T>(ask: () => Promise<T>, withinMs: number): Promise<{ answer: T } | null> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), withinMs);
  });
  try {
    return await Promise.race([ask().then((answer) => ({ answer })), late]);
  } catch {
    return null;
  } finally {
    clearTimeout(timer);
  }
}
