create table runledger.workflows (
  id uuid primary key default runledger_private.uuid_v7(),
  user_id text not null references runledger.users (id) on update cascade on delete cascade,
  name text not null,
  description text,
  temporal_namespace text not null default 'default',
  workflow_type text not null,
  task_queue text not null,
  input_schema jsonb,
  execution_timeout text,
  run_timeout text,
  retry_policy jsonb,
  visibility text not null default 'private',
  archived_at timestamptz,
  -- What of the payloads of its executions the API hides: JSON pointers into an execution (/input/card, /failure).
  redact text[] not null default '{}',
  -- Where it follows a row of the host's: of which table, under which key, and when that row went.
  host_table text,
  host_id text,
  host_deleted_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  -- It stands for all workflows of a user in the counters.
  constraint workflow_id_is_not_the_nil_uuid check (id <> '00000000-0000-0000-0000-000000000000'),
  constraint workflow_name_has_1_to_200_characters check (length(name) between 1 and 200),
  constraint workflow_description_has_at_most_2000_characters check (length(description) <= 2000),
  constraint workflow_type_has_1_to_1000_bytes check (octet_length(workflow_type) between 1 and 1000),
  constraint task_queue_has_1_to_1000_bytes check (octet_length(task_queue) between 1 and 1000),
  constraint temporal_namespace_has_1_to_1000_bytes check (octet_length(temporal_namespace) between 1 and 1000),
  constraint workflow_visibility_is_private_or_published check (visibility in ('private', 'published')),
  constraint input_schema_is_an_object_of_at_most_32_kb
    check (jsonb_typeof(input_schema) = 'object' and octet_length(input_schema::text) <= 65536),
  constraint redaction_has_at_most_50_pointers_and_20_kb
    check (cardinality(redact) <= 50 and octet_length(redact::text) <= 20480),
  constraint a_host_id_has_its_table check ((host_table is null) = (host_id is null)),
  constraint retry_policy_is_an_object check (jsonb_typeof(retry_policy) = 'object'),
  constraint time_outs_are_durations
    check (execution_timeout ~ '^[0-9]+(ms|s|m|h|d)$' and run_timeout ~ '^[0-9]+(ms|s|m|h|d)$')
);

create index idx_workflows_user on runledger.workflows (user_id, name, id);
create index idx_workflows_published on runledger.workflows (name, id) where visibility = 'published'
  and archived_at is null;
create index idx_workflows_redacting on runledger.workflows (id) where redact <> '{}';
create unique index idx_workflows_host on runledger.workflows (host_id, host_table) where host_id is not null;

alter table runledger.workflows enable row level security;
create policy "a user sees their own workflows" on runledger.workflows
  for select to authenticated using (user_id = (select runledger.current_user_id()));

create trigger refuse_truncate before truncate on runledger.workflows
  for each statement execute function runledger_private.refuse_truncate();

grant select on runledger.workflows to authenticated;
grant all on runledger.workflows to service_role;
