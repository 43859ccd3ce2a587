/* Locks a row of the table, so that the application changes it no more until this transaction ends, without waiting for
   one that is locked: who waits for none is part of no circle. Returns held, locked or gone.
   Callers: return_some. */
-- for: service_role
create function runledger_private.hold_row(p_plan jsonb, p_key text) returns text
language plpgsql
set search_path = ''
as $$
declare
  v_where constant text := format('from %s t where t.%I = $1::%s', p_plan ->> 'source', p_plan ->> 'key',
    p_plan ->> 'keyType');
  v_is_there boolean;
begin
  execute 'select true ' || v_where || ' for update skip locked' into v_is_there using p_key;
  if v_is_there then return 'held'; end if;
  execute 'select true ' || v_where into v_is_there using p_key;
  return case when v_is_there then 'locked' else 'gone' end;
end $$;
