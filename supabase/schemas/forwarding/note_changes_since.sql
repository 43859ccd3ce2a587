/* Notes the rows whose column of a time of change says at least p_since: for tables that can have no trigger. It sees
   no deletions, and of a transaction that was long under way only what p_since reaches back to.
   Callers: whoever polls, by the service role. Returns how many. */
-- for: service_role
create function runledger.note_changes_since(p_source text, p_column text, p_since timestamptz) returns bigint
language plpgsql
set search_path = ''
as $$
declare
  v_plan constant jsonb := runledger_private.forwarded_plan(p_source);
  n bigint;
begin
  if not exists (select from pg_catalog.pg_attribute a
                  where a.attrelid = (v_plan ->> 'source')::regclass and a.attname = p_column and a.attnum > 0
                    and not a.attisdropped and a.atttypid in ('timestamptz'::regtype, 'timestamp'::regtype)) then
    raise exception '% has no column % that is a time.', v_plan ->> 'source', left(p_column, 100)
      using errcode = 'PT400', detail = 'invalid_input', hint = 'Name the column that every change of a row sets.';
  end if;
  execute format('insert into runledger.forwarded_rows (source, source_id)
    select %L, t.%I::text from %s t where t.%I >= $1',
    v_plan ->> 'source', v_plan ->> 'key', v_plan ->> 'source', p_column) using p_since;
  get diagnostics n = row_count;
  return n;
end $$;
