/* Takes rows at once; where the database refuses some, in halves, down to the row whose fault it is: then that is its
   reason. Callers: import_rows, itself. */
-- for: service_role
create function runledger_private.import_part(p_plan jsonb, p_keys text[], p_preview bigint)
returns runledger_private.import_item[]
language plpgsql
set search_path = ''
as $$
declare
  n constant integer := cardinality(p_keys);
begin
  return runledger_private.import_some(p_plan, p_keys, p_preview);
exception when others then
  -- The row's own fault, not that of the database or of the moment.
  if left(sqlstate, 2) not in ('21', '22', '23', '54', 'P0', 'PT') then raise; end if;
  if n = 1 then
    return array[row(1, p_keys[1], null, 'refused', 'the database refuses it', left(sqlerrm, 500), null, null,
      null)::runledger_private.import_item];
  end if;
  return runledger_private.import_part(p_plan, p_keys[:n / 2], p_preview)
    || runledger_private.import_part(p_plan, p_keys[n / 2 + 1:], p_preview);
end $$;
