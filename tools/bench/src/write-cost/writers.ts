import { randomUUID } from 'node:crypto';
import type { SqlDatabase } from '@runledger/local-stack';
import type { Life, Writer } from './life.ts';

async function insertByHand(db: SqlDatabase, life: Life, runId: string | null, id: string): Promise<string> {
  await db.query(
    `insert into bench.workflow_executions (id, workflow_id, created_by, temporal_workflow_id, temporal_run_id, status,
         input, tags, metadata, started_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
    [
      id,
      life.workflow,
      life.user,
      life.workflowId,
      runId,
      runId ? 'running' : 'pending',
      JSON.stringify(life.input),
      life.tags,
      JSON.stringify(life.metadata),
      life.startedAt,
    ],
  );
  return id;
}

/** A table and nothing else: no rules, no history, nobody counts or follows. */
export const byHand: Writer = {
  admit: (db, life) => insertByHand(db, life, null, randomUUID()),
  create: (db, life) => insertByHand(db, life, life.runId, randomUUID()),
  async start(db, id, life) {
    await db.query(`update bench.workflow_executions set status = 'running', temporal_run_id = $2 where id = $1`, [
      id,
      life.runId,
    ]);
  },
  async end(db, id, life) {
    await db.query(
      `update bench.workflow_executions set status = $2, output = $3, error_message = $4, completed_at = $5, duration_ms = $6
        where id = $1`,
      [
        id,
        life.error ? 'failed' : 'completed',
        life.output && JSON.stringify(life.output),
        life.error,
        life.completedAt,
        life.durationMs,
      ],
    );
  },
  keepSteps: async () => undefined,
  settle: async () => undefined,
};

const request = ({ user, workflow, input, tags, metadata }: Life) => ({
  created_by: user,
  workflow_id: workflow,
  input,
  tags,
  metadata,
});

/** The only run of its chain, as the resolver reads it. */
const runOf = (life: Life, more: object) => ({
  runId: life.runId,
  runNumber: 1,
  cause: 'start',
  previousRunId: null,
  startedAt: life.startedAt,
  closedAt: null,
  status: 'running',
  errorMessage: null,
  ...more,
});

const opened = (life: Life) => ({
  source: 'watch',
  runId: life.runId,
  firstRunId: life.runId,
  engineStartedAt: life.startedAt,
  firstTaskAt: life.startedAt,
});

/** An item of record_outcomes, as the monitor's recorder sends it. */
function outcomeOf(id: string, life: Life): object {
  const status = life.error ? 'failed' : 'completed';
  return {
    ...opened(life),
    execution: id,
    authority: 'engine',
    status,
    completedAt: life.completedAt,
    durationMs: life.durationMs,
    runs: [runOf(life, { status, closedAt: life.completedAt, errorMessage: life.error })],
    output: life.output,
    ...(life.error
      ? { errorMessage: life.error, failure: { type: 'CardError', message: life.error, activityType: 'charge' } }
      : {}),
  };
}

const idOf = (rows: { id: string }[]) => (rows[0] as { id: string }).id;

/** The functions that the packages call, with what they pass. */
export const byLedger: Writer = {
  async admit(db, life) {
    const rows = await db.query<{ id: string }>(
      `select runledger.admit_execution($1::jsonb) #>> '{execution,id}' as id`,
      [JSON.stringify({ ...request(life), start_within_ms: 60_000 })],
    );
    return idOf(rows);
  },
  async create(db, life) {
    const rows = await db.query<{ id: string }>(
      `select runledger.create_execution($1::jsonb) #>> '{execution,id}' as id`,
      [
        JSON.stringify({
          ...request(life),
          id: randomUUID(),
          temporal_workflow_id: life.workflowId,
          temporal_run_id: life.runId,
          started_at: life.startedAt,
        }),
      ],
    );
    return idOf(rows);
  },
  async start(db, id, life) {
    const item = { ...opened(life), execution: id, runs: [runOf(life, {})] };
    await db.query('select * from runledger.record_open($1::jsonb)', [JSON.stringify([item])]);
  },
  async end(db, id, life) {
    await db.query('select * from runledger.record_outcomes($1::jsonb)', [JSON.stringify([outcomeOf(id, life)])]);
  },
  async keepSteps(db, id, life) {
    const steps = ['charge', 'ship', 'notify'].map((type) => ({
      type,
      startedAt: life.startedAt,
      status: 'completed',
    }));
    const timeline = { state: 'complete', steps, omitted: {}, activitiesExecuted: steps.length };
    await db.query('select runledger.save_timelines($1::jsonb)', [
      JSON.stringify([{ execution: id, closingRunId: life.runId, timeline }]),
    ]);
  },
  async settle(db) {
    await db.query('select runledger.fold_execution_stats(5000)');
  },
};

/** Statements on the ledger's own table, which its triggers guard, count and follow: what a service's own SQL does. */
export const byStatement: Writer = {
  ...byLedger,
  async create(db, life) {
    const rows = await db.query<{ id: string }>(
      `insert into runledger.workflow_executions (workflow_id, created_by, temporal_workflow_id, temporal_run_id, input,
           tags, metadata, started_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8) returning id`,
      [
        life.workflow,
        life.user,
        life.workflowId,
        life.runId,
        JSON.stringify(life.input),
        life.tags,
        JSON.stringify(life.metadata),
        life.startedAt,
      ],
    );
    return idOf(rows);
  },
  async end(db, id, life) {
    await db.query(
      `update runledger.workflow_executions
          set status = $2, output = $3, error_message = $4, completed_at = $5, duration_ms = $6, outcome_authority = 'engine',
              closing_run_id = current_run_id, first_task_at = $7
        where id = $1`,
      [
        id,
        life.error ? 'failed' : 'completed',
        life.output && JSON.stringify(life.output),
        life.error,
        life.completedAt,
        life.durationMs,
        life.startedAt,
      ],
    );
  },
};
