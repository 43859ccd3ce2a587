import { randomUUID } from 'node:crypto';
import type { SqlDatabase } from '@runledger/local-stack';

/** What happens to one execution, the same for each way of writing it down. */
export interface Life {
  user: string;
  workflow: string;
  workflowId: string;
  runId: string;
  input: object;
  tags: string[];
  metadata: object;
  startedAt: string;
  completedAt: string;
  durationMs: number;
  /** `null`: it completed. */
  error: string | null;
  output: object | null;
}

/** A way of writing executions down: each function is one statement in a transaction of its own. */
export interface Writer {
  /** Noted before it runs. Answers the row's id. */
  admit(db: SqlDatabase, life: Life): Promise<string>;
  /** That it runs. */
  start(db: SqlDatabase, id: string, life: Life): Promise<void>;
  /** Noted as running. Answers the row's id. */
  create(db: SqlDatabase, life: Life): Promise<string>;
  end(db: SqlDatabase, id: string, life: Life): Promise<void>;
  /** What it did, read from its history after its end. */
  keepSteps(db: SqlDatabase, id: string, life: Life): Promise<void>;
  /** What goes on beside the writes, now and then. */
  settle(db: SqlDatabase): Promise<void>;
}

const USERS = 50;
const WORKFLOWS = 20;

/** Its schema is `bench`: users, workflows, and beside them a table as teams write it by hand, with two indexes. */
export const HAND_WRITTEN = `
  create schema bench;
  create table bench.users (id text primary key);
  create table bench.workflows (id uuid primary key);
  create table bench.workflow_executions (
    id uuid primary key,
    workflow_id uuid not null references bench.workflows (id) on delete cascade,
    created_by text not null references bench.users (id) on delete cascade,
    temporal_workflow_id text,
    temporal_run_id text,
    status text not null check (status in ('pending', 'running', 'completed', 'failed', 'cancelled')),
    input jsonb,
    output jsonb,
    error_message text,
    tags text[] not null default '{}',
    metadata jsonb not null default '{}',
    started_at timestamptz not null default now(),
    completed_at timestamptz,
    duration_ms bigint
  );
  create index on bench.workflow_executions (created_by, started_at desc);
  create index on bench.workflow_executions (temporal_workflow_id);
  insert into bench.users select id from runledger.users;
  insert into bench.workflows select id from runledger.workflows;`;

export const OWNERS = `
  insert into runledger.users (id) select 'user_' || g from generate_series(1, ${USERS}) g;
  insert into runledger.workflows (id, user_id, name, workflow_type, task_queue)
    select ('00000000-0000-7000-8000-' || lpad(g::text, 12, '0'))::uuid, 'user_1', 'Workflow ' || g, 'order', 'orders'
      from generate_series(1, ${WORKFLOWS}) g;`;

const LONGEST_MS = 60_000;

/** Every tenth fails. Users and workflows take turns, so that all of them have some. */
export function lifeOf(n: number): Life {
  const durationMs = 1 + ((n * 7_919) % LONGEST_MS);
  const endedAt = Date.now();
  const fails = n % 10 === 9;
  return {
    user: `user_${1 + (n % USERS)}`,
    workflow: `00000000-0000-7000-8000-${String(1 + ((n * 7) % WORKFLOWS)).padStart(12, '0')}`,
    workflowId: `order-${randomUUID()}`,
    runId: randomUUID(),
    input: { order: n, customer: `customer ${n % 997}`, items: [{ sku: randomUUID(), quantity: 1 + (n % 5) }] },
    tags: [`region-${n % 5}`, `plan-${n % 3}`],
    metadata: { requestId: randomUUID() },
    startedAt: new Date(endedAt - durationMs).toISOString(),
    completedAt: new Date(endedAt).toISOString(),
    durationMs,
    error: fails ? `card declined for order ${n}` : null,
    output: fails ? null : { receipt: randomUUID(), total: n % 1_000 },
  };
}
