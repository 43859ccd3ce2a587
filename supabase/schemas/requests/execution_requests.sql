-- What users asked of their executions: who asked for what, when, why, and what became of it. Written before Temporal
-- is asked. A signal's payload is not kept.
create table runledger.execution_requests (
  id uuid primary key default runledger_private.uuid_v7(),
  execution_id uuid not null,
  created_by text not null,
  kind text not null,
  actor text not null,
  reason text,
  signal_name text,
  -- The execution that a rerun made; it may have been deleted since.
  rerun_id uuid,
  requested_at timestamptz not null default clock_timestamp(),
  -- The result that the caller got, or the code of the error; null while there is none, or where it was lost.
  answer text,
  constraint request_kind_is_known check (kind in ('cancel', 'terminate', 'signal', 'reset', 'rerun', 'end')),
  constraint only_a_rerun_makes_an_execution check ((kind = 'rerun') = (rerun_id is not null)),
  constraint only_a_signal_has_a_name check ((kind = 'signal') = (signal_name is not null)),
  constraint request_texts_are_short
    check (length(reason) <= 2000 and length(signal_name) <= 200 and length(answer) <= 100)
);

create index idx_execution_requests_execution on runledger.execution_requests (execution_id,
  requested_at desc, id desc);
create index idx_execution_requests_rerun on runledger.execution_requests (rerun_id) where rerun_id is not null;

alter table runledger.execution_requests enable row level security;
create policy "a user sees the requests about their executions" on runledger.execution_requests
  for select to authenticated using (created_by = (select runledger.current_user_id()));

create trigger refuse_truncate before truncate on runledger.execution_requests
  for each statement execute function runledger_private.refuse_truncate();

grant select on runledger.execution_requests to authenticated;
grant all on runledger.execution_requests to service_role;
