import type { Client } from '@temporalio/client';
import type { OpenExecution } from './follower-protocol.ts';
import type { BenchLedger } from './ledger.ts';
import { countRecordedTwice } from './recorded.ts';

const CONCURRENCY = 20;

export interface ComparedEnds {
  /** From the close, by Temporal's clock, to the row, by the database's, in milliseconds; below 0 where the row came first. */
  lagsMs: number[];
  /** Executions whose row does not say how they ended, by Temporal's status and the row's. */
  notRecorded: Record<string, number>;
  missed: number;
  twice: number;
  /** Of an execution, on average. */
  historyEvents: number;
}

/** Compares executions that have all closed with their rows. */
export async function compareEnds(
  client: Client,
  ledger: BenchLedger,
  executions: OpenExecution[],
): Promise<ComparedEnds> {
  const ids = executions.map(({ executionId }) => executionId);
  const rows = await ledger.database.query<{ id: string; status: string; at: number | null }>(
    `select id, status, (extract(epoch from recorded_at) * 1000)::float8 as at
       from runledger.workflow_executions where id = any ($1::uuid[])`,
    [ids],
  );
  const rowOf = new Map(rows.map((row) => [row.id, row]));
  const lagsMs: number[] = [];
  const notRecorded: Record<string, number> = {};
  let events = 0;
  const left = executions.values();
  const comparer = async () => {
    for (const { executionId, workflowId, runId } of left) {
      const { status, closeTime, historyLength } = await client.workflow.getHandle(workflowId, runId).describe();
      if (!closeTime) throw new Error(`${workflowId} has not closed`);
      events += historyLength;
      const row = rowOf.get(executionId);
      const ended = status.name.toLowerCase();
      if (row?.status === ended && row.at !== null) {
        lagsMs.push(row.at - closeTime.getTime());
      } else {
        const kind = `${ended}, in the row ${row?.status ?? 'deleted'}`;
        notRecorded[kind] = (notRecorded[kind] ?? 0) + 1;
      }
    }
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, comparer));
  return {
    lagsMs,
    notRecorded,
    missed: executions.length - lagsMs.length,
    twice: await countRecordedTwice(ledger, ids),
    historyEvents: events / executions.length,
  };
}
