/* Notes which row of an old table changed: the writer pays one insert and waits for nobody. It runs as the owner, for
   who writes there needs no right in the ledger. Callers: the trigger that forward_runs makes, with the name of
   the key. */
-- for: nobody
create function runledger_private.note_changed_row() returns trigger
language plpgsql security definer
set search_path = ''
as $$
declare
  v_source constant text := tg_relid::regclass;
  v_old text;
  v_new text;
begin
  if runledger_private.is_forwarding() or (tg_op = 'UPDATE' and to_jsonb(new) = to_jsonb(old)) then return null; end if;
  if tg_op <> 'INSERT' then execute format('select ($1).%I::text', tg_argv[0]) into v_old using old; end if;
  if tg_op <> 'DELETE' then execute format('select ($1).%I::text', tg_argv[0]) into v_new using new; end if;
  insert into runledger.forwarded_rows (source, source_id)
    select distinct v_source, k from unnest(array[v_old, v_new]) k where k is not null;
  return null;
end $$;
