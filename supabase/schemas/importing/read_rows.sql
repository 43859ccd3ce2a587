/* Rows of the table, by their keys, as executions, or with the reason why they cannot be any. Callers: import_some. */
-- for: service_role
create function runledger_private.read_rows(p_plan jsonb, p_keys text[]) returns runledger_private.import_item[]
language plpgsql stable
set search_path = ''
as $$
declare
  c constant jsonb := p_plan -> 'columns';
  v_items runledger_private.import_item[];
begin
  execute format('select array_agg(row(x.at, x.key, left(x.run ->> $2, 200),
      case when r.reason is not null then ''refused'' end, r.reason, r.detail, (r.e).id,
      coalesce(nullif(x.run ->> $3, ''''), nullif(x.run ->> $4, '''')), r.e)::runledger_private.import_item
      order by x.at)
    from (select row_number() over (order by t.%1$I)::integer as at, t.%1$I::text as key, %4$s as run
            from %2$s t where t.%1$I = any ($1::%3$s[])) x
   cross join lateral runledger_private.read_run(x.run, x.key, $5, $6, $7) r',
    p_plan ->> 'key', p_plan ->> 'source', p_plan ->> 'keyType', p_plan ->> 'row')
    into v_items
    using p_keys, c ->> 'status', c ->> 'workflow_name', c ->> 'workflow', p_plan ->> 'source', c, p_plan -> 'options';
  return coalesce(v_items, '{}');
end $$;
