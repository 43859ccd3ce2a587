import type { Engine, Ledger } from '@runledger/contracts';
import { z } from 'zod';

/** Whether the two things that everything needs answer. Says nothing about where they are or why they do not. */
export const HealthReport = z.object({
  status: z.enum(['ok', 'degraded']),
  ledger: z.boolean(),
  engine: z.boolean(),
});
export type HealthReport = z.infer<typeof HealthReport>;

/** Asks both at once, and waits at most `withinMs` milliseconds. Never throws. */
export async function checkHealth(
  { ledger, engine }: { ledger: Pick<Ledger, 'ping'>; engine: Pick<Engine, 'ping'> },
  withinMs: number,
): Promise<HealthReport> {
  const [ledgerAnswers, engineAnswers] = await Promise.all([answers(ledger, withinMs), answers(engine, withinMs)]);
  return { status: ledgerAnswers && engineAnswers ? 'ok' : 'degraded', ledger: ledgerAnswers, engine: engineAnswers };
}

async function answers(part: { ping(): Promise<void> }, withinMs: number): Promise<boolean> {
  const late = Promise.withResolvers<boolean>();
  const timer = setTimeout(() => late.resolve(false), withinMs);
  try {
    return await Promise.race([part.ping().then(() => true), late.promise]);
  } catch {
    return false;
  } finally {
    clearTimeout(timer);
  }
}
