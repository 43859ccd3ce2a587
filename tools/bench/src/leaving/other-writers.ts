import { randomUUID } from 'node:crypto';
import type { SqlDatabase } from '@runledger/local-stack';
import { openPostgres } from '@runledger/local-stack';
import { LEAVER } from './world.ts';

const DEADLOCK = '40P01';

export interface Writing {
  /** How long each statement took, in milliseconds. */
  tookMs: number[];
  deadlocks: number;
  /** Statements that failed otherwise. */
  failed: number;
}

/** What goes on while a user leaves: each is one statement, again and again, over a connection of its own. */
const WRITERS: Record<string, (db: SqlDatabase) => Promise<unknown>> = {
  'starts and ends': (db) =>
    db.query(
      `with started as (
         insert into runledger.workflow_executions (workflow_id, created_by, temporal_workflow_id, temporal_run_id)
           select w.id, 'writes', $1, 'first' from runledger.workflows w where w.user_id = 'stays' returning id)
       select from started`,
      [randomUUID()],
    ),
  // As the monitor reports what it reads of this user's executions, until these are gone.
  "the leaver's ends": (db) =>
    db.query(
      `select runledger.record_outcomes(coalesce(jsonb_agg(jsonb_build_object('execution', e.id, 'status', 'completed',
           'authority', 'engine', 'source', 'watch', 'runId', 'first', 'firstRunId', 'first', 'completedAt', now())), '[]'))
         from (select id from runledger.workflow_executions where created_by = $1 and status = 'running'
                order by started_at limit 5 offset $2::int) e`,
      [LEAVER, Math.floor(Math.random() * 1_000)],
    ),
  'sign-ups': (db) => db.query('insert into auth.users (id) values ($1)', [randomUUID()]),
  "the host's users": (db) => db.query('insert into public.users (id) values ($1)', [randomUUID()]),
  folding: (db) => db.query('select runledger.fold_execution_stats(20000)'),
  syncing: (db) => db.query('select runledger.sync_users(1000)'),
};

/** Between two statements of a writer: others, not a load test. */
const PAUSE_MS = 20;

async function writeUntil(db: SqlDatabase, write: (db: SqlDatabase) => Promise<unknown>, stop: AbortSignal) {
  const writing: Writing = { tookMs: [], deadlocks: 0, failed: 0 };
  while (!stop.aborted) {
    const began = performance.now();
    await write(db).catch((error: { code?: string }) => {
      if (error.code === DEADLOCK) writing.deadlocks += 1;
      else writing.failed += 1;
    });
    writing.tookMs.push(performance.now() - began);
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
  return writing;
}

/** Writes as others do while `work` runs; what each of them met, by name. */
export async function withOtherWriters(url: string, work: () => Promise<void>): Promise<Record<string, Writing>> {
  const stop = new AbortController();
  await using stack = new AsyncDisposableStack();
  // All are connected and have written once before the work begins: to connect may take longer than a small work.
  const writers = await Promise.all(
    Object.entries(WRITERS).map(async ([name, write]) => {
      const db = stack.use(await openPostgres(url, { max: 1 }));
      await write(db);
      return { name, write, db };
    }),
  );
  const running = writers.map(async ({ name, write, db }) => [name, await writeUntil(db, write, stop.signal)] as const);
  try {
    await work();
  } finally {
    stop.abort();
  }
  return Object.fromEntries(await Promise.all(running));
}
