import type { Engine, ExecutionErrorCode, PingLedger } from '@runledger/contracts';
import { isExecutionError } from '@runledger/contracts';
import type { MonitorRole } from './monitor-role.ts';

type Answer = 'ok' | 'no_answer' | ExecutionErrorCode;

interface NamespaceReadiness {
  temporal: Answer;
  /** Both are ready: a worker that stands by takes over when the active one dies. */
  monitor: ReturnType<MonitorRole['current']>;
}

/**
 * What `/readyz` answers. Of an error it names only the kind: `schema_outdated` where migrations are missing. With several namespaces,
 * `temporal` is `ok` while one of them answers, `monitor` is `active` while one of theirs is, and `namespaces` says it of each.
 */
export interface Readiness extends NamespaceReadiness {
  status: 'ready' | 'not_ready' | 'stopping';
  ledger: Answer;
  namespaces?: Record<string, NamespaceReadiness>;
}

export interface ReadinessOptions {
  namespaces: {
    namespace: string;
    connections: { engine: Pick<Engine, 'ping'> };
    role: Pick<MonitorRole, 'current'>;
  }[];
  ledger: PingLedger;
  /** Aborted when the worker stops. */
  shutdown: AbortSignal;
  /** Longest wait for an answer, in milliseconds. Default 3,000. */
  withinMs?: number;
}

/** Asks Temporal and the ledger at once. Never throws. */
export async function checkReadiness(options: ReadinessOptions): Promise<Readiness> {
  const { ledger, shutdown, withinMs = 3_000 } = options;
  const asked = options.namespaces.map(
    async ({ namespace, connections, role }): Promise<[string, NamespaceReadiness]> => [
      namespace,
      { temporal: await answerOf(connections.engine, withinMs), monitor: role.current() },
    ],
  );
  const [ledgerAnswer, answers] = await Promise.all([answerOf(ledger, withinMs), Promise.all(asked)]);
  const each = answers.map(([, answer]) => answer);
  const temporal = each.find((one) => one.temporal === 'ok')?.temporal ?? each[0]?.temporal ?? 'no_answer';
  const isReady = temporal === 'ok' && ledgerAnswer === 'ok';
  return {
    status: shutdown.aborted ? 'stopping' : isReady ? 'ready' : 'not_ready',
    temporal,
    ledger: ledgerAnswer,
    monitor: each.some(({ monitor }) => monitor === 'active') ? 'active' : 'standby',
    ...(answers.length > 1 ? { namespaces: Object.fromEntries(answers) } : {}),
  };
}

async function answerOf(part: { ping(): Promise<void> }, withinMs: number): Promise<Answer> {
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
