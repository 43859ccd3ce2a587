-- Who runs things, and what can be run.

-- The trigger on auth.users locks it: better no migration than every sign-up waiting behind it.
set local lock_timeout = '3s';

-- An existing public.users(id text) is used as it is: its rows, its triggers and its policies stay its owner's.
do $$
begin
  if to_regclass('public.users') is null then
    create table public.users (
      id text primary key,
      created_at timestamptz not null default now(),
      constraint user_id_is_not_empty check (id <> '')
    );
    alter table public.users enable row level security;
    create policy "a user sees their own row" on public.users
      for select to authenticated using (id = (select private.current_user_id()));
    revoke all on public.users from anon, authenticated;
    grant select on public.users to authenticated;
    grant all on public.users to service_role;

    /* Keeps users in step with sign-ups. Callers: the trigger on auth.users. */
    create function private.add_user() returns trigger
    language plpgsql security definer
    set search_path = ''
    as $fn$
    begin
      insert into public.users (id) values (new.id::text) on conflict (id) do nothing;
      return new;
    end $fn$;
    revoke execute on function private.add_user() from public;

    create trigger runledger_add_user after insert on auth.users
      for each row execute function private.add_user();
    insert into public.users (id) select u.id::text from auth.users u on conflict (id) do nothing;
  end if;
end $$;

create table public.workflows (
  id uuid primary key default private.uuid_v7(),
  user_id text not null references public.users (id) on update cascade on delete cascade,
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
  constraint retry_policy_is_an_object check (jsonb_typeof(retry_policy) = 'object'),
  constraint time_outs_are_durations
    check (execution_timeout ~ '^[0-9]+(ms|s|m|h|d)$' and run_timeout ~ '^[0-9]+(ms|s|m|h|d)$')
);
create index idx_workflows_user on public.workflows (user_id, name, id);
create index idx_workflows_published on public.workflows (name, id) where visibility = 'published' and archived_at is null;

/* Callers: the trigger below. */
create function private.touch_workflow() returns trigger
language plpgsql
set search_path = ''
as $$
begin
  new.updated_at := clock_timestamp();
  return new;
end $$;
revoke execute on function private.touch_workflow() from public;
create trigger touch_workflow before update on public.workflows
  for each row execute function private.touch_workflow();

alter table public.workflows enable row level security;
create policy "a user sees their own workflows" on public.workflows
  for select to authenticated using (user_id = (select private.current_user_id()));
revoke all on public.workflows from anon, authenticated;
grant select on public.workflows to authenticated;
grant all on public.workflows to service_role;
