/* How a table spells each status: as it is told, else as most of its rows do, else as the ledger does.
   Callers: return_runs. */
-- for: nobody
create function runledger_private.spell_statuses(p_plan jsonb, p_spellings jsonb) returns jsonb
language plpgsql stable
set search_path = ''
as $$
declare
  v_column constant text := p_plan -> 'columns' ->> 'status';
  v_found jsonb;
begin
  execute format('select jsonb_object_agg(b.becomes, b.status) from (
      select distinct on (a.becomes) a.becomes, a.status from (
        select runledger_private.read_status(s.status, $1) as becomes, s.status, s.n from (
          select t.%1$I::text as status, count(*) as n from %2$s t where t.%1$I is not null group by 1) s) a
       where a.becomes is not null order by a.becomes, a.n desc, a.status) b',
    v_column, p_plan ->> 'source') into v_found using p_plan -> 'options' -> 'statuses';
  return (select jsonb_object_agg(s, s) from unnest(runledger_private.statuses()) s)
    || coalesce(v_found, '{}') || coalesce(p_spellings, '{}');
end $$;
