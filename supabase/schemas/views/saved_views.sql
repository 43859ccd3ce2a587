-- Lists that users keep under a name: which executions, how sorted, which columns, in which time zone. Nothing of what
-- a list shows is kept.
create table runledger.saved_views (
  id uuid primary key default runledger_private.uuid_v7(),
  user_id text not null references runledger.users (id) on update cascade on delete cascade,
  name text not null,
  -- As page addresses carry it (`encodeFilter`).
  filter text not null,
  columns text[] not null,
  order_by text not null,
  order_direction text not null,
  time_zone text not null,
  -- Whoever has its id reads it, and sees by it what they may see.
  is_shared boolean not null,
  created_at timestamptz not null default clock_timestamp(),
  updated_at timestamptz not null default clock_timestamp(),
  constraint a_user_has_one_view_of_a_name unique (user_id, name),
  constraint view_name_has_1_to_100_characters check (length(name) between 1 and 100),
  constraint view_filter_has_at_most_16000_characters check (length(filter) <= 16000),
  constraint a_view_has_at_most_50_columns check (cardinality(columns) <= 50),
  constraint view_order_is_known check (order_by in ('started_at', 'completed_at', 'duration')
    and order_direction in ('asc', 'desc')),
  constraint view_time_zone_has_at_most_100_characters check (length(time_zone) between 1 and 100)
);

alter table runledger.saved_views enable row level security;
create policy "a user sees their own views" on runledger.saved_views
  for select to authenticated using (user_id = (select runledger.current_user_id()));

create trigger refuse_truncate before truncate on runledger.saved_views
  for each statement execute function runledger_private.refuse_truncate();

grant select on runledger.saved_views to authenticated;
grant all on runledger.saved_views to service_role;
