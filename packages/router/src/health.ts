import type { Engine, ExecutionErrorCode, PingLedger, UnprovenLedger } from '@runledger/contracts';
import { isExecutionError } from '@runledger/contracts';
import { z } from 'zod';
import { ERROR_SENTENCES } from './error-sentences.ts';

/** Whether the two things that everything needs answer. Says nothing about where they are. */
export const HealthReport = z.object({
  status: z.enum(['ok', 'degraded']),
  ledger: z.boolean(),
  engine: z.boolean(),
  /** A monitor follows every namespace that has unsettled executions; `null` where the ledger does not answer. */
  followed: z.boolean().nullable(),
  /** Why it is degraded, in sentences for callers; none where it is not. */
  why: z.array(z.string()),
});
export type HealthReport = z.infer<typeof HealthReport>;

type Asks = { ledger: PingLedger & UnprovenLedger; engine: Pick<Engine, 'ping'> };

/** Checks under way: anybody may ask, so that what is asked of the database and of Temporal does not grow with how many do. */
const underWay = new WeakMap<object, { engine: Asks['engine']; report: Promise<HealthReport> }>();

/** Asks both at once, and waits at most `withinMs` milliseconds. Whoever asks meanwhile shares the answer. Never throws. */
export function checkHealth(asks: Asks, withinMs: number): Promise<HealthReport> {
  const { ledger, engine } = asks;
  const known = underWay.get(ledger);
  if (known?.engine === engine) return known.report;
  const report = check(asks, withinMs).finally(() => underWay.delete(ledger));
  underWay.set(ledger, { engine, report });
  return report;
}

async function check({ ledger, engine }: Asks, withinMs: number): Promise<HealthReport> {
  const [ledgerProblem, engineProblem, followed] = await Promise.all([
    inTime(() => ledger.ping(), withinMs).then(problemOf('ledger_unavailable')),
    inTime(() => engine.ping(), withinMs).then(problemOf('engine_unavailable')),
    inTime(() => ledger.unprovenNamespaces(), withinMs),
  ]);
  const why = [ledgerProblem, engineProblem].flatMap((code) => code ?? []).map((code) => ERROR_SENTENCES[code]);
  return {
    status: why.length === 0 ? 'ok' : 'degraded',
    ledger: ledgerProblem === null,
    engine: engineProblem === null,
    // Not `degraded`: the API serves what it has, and no balancer should take it away for a worker that is missing.
    followed: 'answer' in followed ? followed.answer.length === 0 : null,
    why,
  };
}

/** The code of what failed; of what took too long, or failed in words of others, `usual`. */
const problemOf = (usual: ExecutionErrorCode) => (asked: Asked<unknown>) =>
  'answer' in asked ? null : isExecutionError(asked.error) ? asked.error.code : usual;

type Asked<T> = { answer: T } | { error: unknown };

async function inTime<T>(ask: () => Promise<T>, withinMs: number): Promise<Asked<T>> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<Asked<T>>((resolve) => {
    timer = setTimeout(() => resolve({ error: null }), withinMs);
  });
  try {
    return await Promise.race([ask().then((answer) => ({ answer })), late]);
  } catch (error) {
    return { error };
  } finally {
    clearTimeout(timer);
  }
}
