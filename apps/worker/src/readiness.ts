import type { Engine, ExecutionErrorCode, PingLedger } from '@runledger/contracts';
import { isExecutionError } from '@runledger/contracts';
import type { MonitorRole } from './monitor-role.ts';

/** What `/readyz` answers. Of an error it names only the kind: `schema_outdated` where migrations are missing. */
export interface Readiness {
  status: 'ready' | 'not_ready' | 'stopping';
  temporal: 'ok' | 'no_answer' | ExecutionErrorCode;
  ledger: 'ok' | 'no_answer' | ExecutionErrorCode;
  /** Both are ready: a worker that stands by takes over when the active one dies. */
  monitor: ReturnType<MonitorRole['current']>;
}

export interface ReadinessOptions {
  engine: Pick<Engine, 'ping'>;
  ledger: PingLedger;
  role: Pick<MonitorRole, 'current'>;
  /** Aborted when the worker stops. */
  shutdown: AbortSignal;
  /** Longest wait for an answer, in milliseconds. Default 3,000. */
  withinMs?: number;
}

/** Asks Temporal and the ledger at once. Never throws. */
export async function checkReadiness(options: ReadinessOptions): Promise<Readiness> {
  const { engine, ledger, role, shutdown, withinMs = 3_000 } = options;
  const [temporalAnswer, ledgerAnswer] = await Promise.all([answerOf(engine, withinMs), answerOf(ledger, withinMs)]);
  const isReady = temporalAnswer === 'ok' && ledgerAnswer === 'ok';
  return {
    status: shutdown.aborted ? 'stopping' : isReady ? 'ready' : 'not_ready',
    temporal: temporalAnswer,
    ledger: ledgerAnswer,
    monitor: role.current(),
  };
}

async function answerOf(
  part: { ping(): Promise<void> },
  withinMs: number,
): Promise<'ok' | 'no_answer' | ExecutionErrorCode> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<'no_answer'>((resolve) => {
    timer = setTimeout(() => resolve('no_answer'), withinMs);
  });
  const asked = part.ping().then(
    () => 'ok' as const,
    (error: unknown) => (isExecutionError(error) ? error.code : 'internal'),
  );
  try {
    return await Promise.race([asked, late]);
  } finally {
    clearTimeout(timer);
  }
}
