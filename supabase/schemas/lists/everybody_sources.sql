/* The sources of a list of everybody's executions, as execution_sources says; of some users or workflows they
   are theirs.
   By end and by run time no index has everybody's: they are merged of those of each workflow, up to 100.
   Callers: execution_sources. */
-- for: service_role
create function runledger_private.everybody_sources(p_filter jsonb, p_order_by text) returns setof jsonb
language plpgsql stable
set search_path = ''
as $$
declare
  by_start constant boolean := p_order_by = 'started_at';
  statuses constant text[] := case when p_filter ? 'status'
    then runledger_private.text_array(p_filter -> 'status') end;
  -- As the indexes say it.
  reported constant text := '(e.engine = ''temporal'' and e.outcome_authority = ''reported'' and e.lost_at is null)';
  failure constant text := 'e.failure_group = ' || quote_literal(p_filter ->> 'failureGroup');
  most constant integer := 100;
  by_status constant text[] := array(select 'e.status = ' || quote_literal(s) from unnest(statuses) s group by s);
  everybody constant text := runledger_private.everybody_sql();
  branches text[];
begin
  if p_filter ? 'userIds' then
    branches := array(select 'e.created_by = ' || quote_literal(u)
                        from unnest(runledger_private.text_array(p_filter -> 'userIds')) u group by u);
    if by_start and not 'completed' = any (statuses) then
      branches := array(select b || ' and ' || s from unnest(branches) b, unnest(by_status) s);
    end if;
  elsif p_filter ? 'workflowIds' then
    branches := array(select 'e.workflow_id = ' || quote_literal(w)
                        from unnest(runledger_private.text_array(p_filter -> 'workflowIds')) w group by w);
  elsif by_start and p_filter ? 'health' then
    branches := array(select everybody || ' and e.status = ' || quote_literal(s)
                        from unnest(runledger_private.open_statuses()) s) || (everybody || ' and ' || reported);
  elsif by_start and failure is not null then
    branches := array[everybody || ' and ' || failure];
  elsif by_start and not 'completed' = any (statuses) then
    branches := array(select everybody || ' and ' || s from unnest(by_status) s);
  elsif by_start then
    branches := array[everybody];
  else
    branches := array(select 'e.workflow_id = ' || quote_literal(w.id) from runledger.workflows w limit most + 1);
    if cardinality(branches) > most then
      raise exception 'A list of everybody''s executions of more than % workflows is by start only.', most
        using errcode = 'PT400', detail = 'invalid_input', hint = 'Order by started_at, or name workflows or users.';
    end if;
  end if;
  return next runledger_private.scan_source(branches);
end $$;
