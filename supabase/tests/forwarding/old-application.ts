import { randomUUID } from 'node:crypto';
import type { SqlSession } from '@runledger/local-stack';

/** An application that records runs by hand, with what of it must not notice that it moves. */
export const applicationSql = `
  create table public.workflows (id uuid primary key default gen_random_uuid(), owner_id text not null, title text not null);
  create table public.workflow_runs (id uuid primary key default gen_random_uuid(), user_id text not null,
    workflow_id uuid not null references public.workflows (id) on delete cascade,
    status text not null default 'running' check (status in ('running', 'success', 'error')), started_at timestamptz not null default now(),
    completed_at timestamptz, duration_ms integer, error_message text, state_snapshot jsonb, updated_at timestamptz default now());
  create table public.run_notes (run_id uuid not null references public.workflow_runs (id) on delete cascade, note text);
  alter table public.workflow_runs enable row level security;
  create policy own on public.workflow_runs for select to authenticated using (user_id = auth.uid()::text);
  grant all on all tables in schema public to authenticated, service_role;
  insert into public.workflows (owner_id, title) select 'person-' || n, 'Report ' || n from generate_series(1, 5) n;
  insert into public.workflow_runs (user_id, workflow_id, status, started_at, completed_at)
    select 'person-' || 1 + n % 5, (select array_agg(w.id) from public.workflows w)[1 + n % 5],
           case n % 3 when 0 then 'running' when 1 then 'success' else 'error' end, now() - n * interval '1 minute',
           case when n % 3 > 0 then now() - n * interval '1 minute' + interval '5 s' end
      from generate_series(1, 600) n`;

export const people = `insert into runledger.users (id) select 'person-' || n from generate_series(1, 5) n on conflict do nothing`;

/** Between two deeds of a writer, so that a busy machine spends its time on what is tested. */
const PAUSE_MS = 4;
const pause = () => new Promise((next) => setTimeout(next, PAUSE_MS));

export interface Deeds {
  begun: number;
  deleted: number;
}

/** Enough for each deed to be done, also where a machine is so busy that the writers are stopped at once. */
const AT_LEAST = 10;

/** Until it is told to stop: begins runs, ends some, notes how far they are, takes one back now and then. */
export async function writeRuns(db: SqlSession, { stop }: { stop: { now: boolean } }): Promise<Deeds> {
  const deeds = { begun: 0, deleted: 0 };
  for (let n = 0; n < AT_LEAST || !stop.now; n++) {
    await pause();
    const id = randomUUID();
    await db.query(
      `insert into public.workflow_runs (id, user_id, workflow_id) select $1, 'person-' || 1 + $2::int % 5, w.id from public.workflows w
        order by w.title limit 1 offset $2::int % 5`,
      [id, n],
    );
    deeds.begun += 1;
    if (n % 3 > 0)
      await db.query(
        `update public.workflow_runs set status = $2, completed_at = clock_timestamp(), error_message = $3, updated_at = now() where id = $1`,
        [id, n % 3 === 1 ? 'success' : 'error', n % 3 === 1 ? null : 'no paper'],
      );
    await db.query(
      `update public.workflow_runs set state_snapshot = jsonb_build_object('step', $1::int), updated_at = now()
        where id = (select r.id from public.workflow_runs r where r.status = 'running' order by md5(r.id::text || $1::text) limit 1)`,
      [n],
    );
    if (n % 10 === 9) {
      await db.query('delete from public.workflow_runs where id = $1', [id]);
      deeds.deleted += 1;
    }
  }
  return deeds;
}

/** The same by the ledger's own functions, as the application does it after the switch. */
export async function writeExecutions(db: SqlSession, { stop }: { stop: { now: boolean } }): Promise<Deeds> {
  const deeds = { begun: 0, deleted: 0 };
  for (let n = 0; n < AT_LEAST || !stop.now; n++) {
    await pause();
    const [made] = await db.query<{ id: string }>(
      `insert into runledger.workflow_executions (workflow_id, created_by)
         select w.id, w.user_id from runledger.workflows w where w.name like 'Report %' order by w.name limit 1 offset $1::int % 5 returning id`,
      [n],
    );
    deeds.begun += 1;
    if (n % 3 > 0)
      await db.query('select * from runledger.record_outcomes($1::jsonb)', [
        JSON.stringify([
          {
            execution: made?.id,
            status: ['completed', 'timed_out'][n % 2],
            authority: 'reported',
            source: 'report',
            reportId: randomUUID(),
            ...(n % 2 ? { errorMessage: 'too late' } : {}),
          },
        ]),
      ]);
    else
      await db.query(
        `update runledger.workflow_executions set state_snapshot = jsonb_build_object('page', $2::int) where id = $1`,
        [made?.id, n],
      );
    if (n % 10 === 9) {
      await db.query('delete from runledger.workflow_executions where id = $1', [made?.id]);
      deeds.deleted += 1;
    }
  }
  return deeds;
}
