import type {
  Engine,
  ExecutionStatus,
  OutcomeLedger,
  PendingStart,
  RecordAnswer,
  RecordOpen,
  RecordOutcome,
} from '@runledger/contracts';
import pMap from 'p-map';
import type { StartDeps } from './start-execution.ts';
import { recordOf, sendEarlyCancel, startInEngine } from './start-execution.ts';
import { createWhileReachable } from './while-reachable.ts';

export interface StartSeveralDeps {
  engine: Pick<Engine, 'start' | 'cancel' | 'terminate'>;
  ledger: OutcomeLedger;
  source: StartDeps['source'];
  /** How many are started at the same time. */
  atOnce: number;
}

/** How one of several stands after its start; `error`: it may run, and stays pending until the next try. */
export type Started = { status: ExecutionStatus | null; error: null } | { status: null; error: unknown };

/**
 * Starts several admitted executions, each as `startExecution` does, and records what came of all of them in one call of the
 * ledger, or two where Temporal refused some. Answers in their order; one that fails keeps back no other, unless Temporal is away. Never throws.
 */
export async function startExecutions(pendings: readonly PendingStart[], deps: StartSeveralDeps): Promise<Started[]> {
  const { engine, ledger, source, atOnce } = deps;
  const answers = new Map<number, RecordAnswer>();
  const errors = new Map<number, unknown>();
  const opens: { n: number; item: RecordOpen }[] = [];
  const refusals: { n: number; item: RecordOutcome }[] = [];
  const whileReachable = createWhileReachable();
  await pMap(
    pendings,
    async (pending, n) => {
      try {
        const start = recordOf(
          pending,
          await whileReachable(pending.namespace, () => startInEngine(pending, engine)),
          source,
        );
        if ('open' in start) opens.push({ n, item: start.open });
        else refusals.push({ n, item: start.outcome });
      } catch (error) {
        errors.set(n, error);
      }
    },
    { concurrency: atOnce },
  );
  async function record<Item>(
    items: { n: number; item: Item }[],
    call: (items: Item[]) => Promise<RecordAnswer[]>,
  ): Promise<void> {
    if (items.length === 0) return;
    try {
      const recorded = await call(items.map(({ item }) => item));
      items.forEach(({ n }, i) => {
        answers.set(n, recorded[i] as RecordAnswer);
      });
    } catch (error) {
      for (const { n } of items) errors.set(n, error);
    }
  }
  await record(opens, (items) => ledger.recordOpen(items));
  await record(refusals, (items) => ledger.recordOutcomes(items));
  await pMap(
    opens,
    async ({ n, item }) => {
      const row = answers.get(n);
      if (!row) return;
      await sendEarlyCancel(pendings[n] as PendingStart, { row, open: item.open }, deps).catch((error) =>
        errors.set(n, error),
      );
    },
    { concurrency: atOnce },
  );
  return pendings.map((_, n) =>
    errors.has(n) ? { status: null, error: errors.get(n) } : { status: answers.get(n)?.status ?? null, error: null },
  );
}
