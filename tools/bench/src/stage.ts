import { connectEngine } from '@runledger/engine';
import type { LocalTemporal, Postgres, StartTemporalOptions } from '@runledger/local-stack';
import { startPostgres, startTemporal } from '@runledger/local-stack';
import { Client } from '@temporalio/client';
import type { Task } from './follower-protocol.ts';
import type { BenchLedger } from './ledger.ts';
import { openLedger } from './ledger.ts';

/** More long polls than any benchmark needs; Temporal's default is 1,200. */
export const ENOUGH_POLLS = { 'frontend.namespaceCount': 20_000 };

export interface StageOptions extends Pick<StartTemporalOptions, 'dynamicConfig' | 'dbFilename' | 'port'> {
  /** How many ledgers there are. Default 1. */
  ledgers?: number;
}

/** Temporal, Postgres and ledgers, each in a process of its own. */
export interface Stage extends AsyncDisposable {
  temporal: LocalTemporal;
  postgres: Postgres;
  /** The first of the ledgers. */
  ledger: BenchLedger;
  ledgers: BenchLedger[];
  client: Client;
  /** What a follower needs to reach them. */
  task(ledger?: BenchLedger): Omit<Task, 'executions'>;
}

export async function openStage({ ledgers: count = 1, ...options }: StageOptions = {}): Promise<Stage> {
  await using stack = new AsyncDisposableStack();
  const [temporal, postgres] = await Promise.all([
    startTemporal({ address: null, ...options }),
    startPostgres({ version: 17 }),
  ]);
  stack.use(postgres);
  stack.use(temporal);
  const ledgers: BenchLedger[] = [];
  for (let n = 1; n <= count; n += 1) ledgers.push(stack.use(await openLedger(postgres, `ledger_${n}`)));
  const connection = connectEngine({ address: temporal.address });
  stack.defer(() => connection.close());
  const ledger = ledgers[0] as BenchLedger;
  const kept = stack.move();
  return {
    temporal,
    postgres,
    ledger,
    ledgers,
    client: new Client({ connection }),
    task: (of = ledger) => ({
      temporalAddress: temporal.address,
      supabaseUrl: of.url,
      supabaseKey: of.key,
      insists: true,
    }),
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}
