create table runledger.fold_state (
  one boolean primary key default true,
  -- No delta below this transaction id of this cluster is left: where scans begin.
  folded_below xid8 not null default '0',
  cluster bigint,
  -- Hour cells are kept from here on.
  hours_from timestamptz not null default '-infinity',
  folded_at timestamptz,
  constraint there_is_one_fold_state check (one)
) with (fillfactor = 10);

insert into runledger.fold_state default values;

alter table runledger.fold_state enable row level security;
create policy "only the service role sees the state of the folder" on runledger.fold_state
  for select to authenticated using (false);

create trigger refuse_truncate before truncate on runledger.fold_state
  for each statement execute function runledger_private.refuse_truncate();

grant all on runledger.fold_state to service_role;
