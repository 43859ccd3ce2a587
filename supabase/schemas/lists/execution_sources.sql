/* The sources of a list: each holds everything that the filter can find, in the list's order, by an index of its own.
   One of several branches is their merge. Callers: find_executions, rows_in_window. */
-- for: service_role
create function runledger_private.execution_sources(p_user_id text, p_workflow_id uuid, p_filter jsonb, p_order_by text)
returns setof jsonb
language plpgsql stable
set search_path = ''
as $$
declare
  of_user text := 'e.created_by = ' || quote_literal(p_user_id);
  of_workflow text := 'e.workflow_id = ' || quote_literal(p_workflow_id);
  by_start boolean := p_order_by = 'started_at';
  statuses text[] := case when p_filter ? 'status' then runledger_private.text_array(p_filter -> 'status') end;
  unsuccessful boolean := coalesce(statuses <@ runledger_private.unsuccessful_statuses(), false);
  says_why boolean := unsuccessful or p_filter ? 'text';
  -- As the indexes say it.
  reported text := '(e.engine = ''temporal'' and e.outcome_authority = ''reported'' and e.lost_at is null)';
  unsettled text := '(e.outcome_authority is null or ' || reported || ')';
  failure text := 'e.failure_group = ' || quote_literal(p_filter ->> 'failureGroup');
begin
  if p_filter ? 'ids' then
    return next jsonb_build_object('kind', 'ids', 'ids', p_filter -> 'ids');
    return;
  end if;
  -- Of other users there is nothing in a user's list.
  if p_filter ? 'userIds' and p_user_id <> all (runledger_private.text_array(p_filter -> 'userIds')) then
    return;
  end if;
  if of_user is null and of_workflow is null then
    return query select runledger_private.everybody_sources(p_filter, p_order_by);
    return;
  end if;
  if of_user is null and p_filter ? 'userIds' and p_order_by <> 'duration' then
    return next runledger_private.scan_source(array(
      select of_workflow || ' and e.created_by = ' || quote_literal(u)
        from unnest(runledger_private.text_array(p_filter -> 'userIds')) u group by u));
    return;
  end if;
  if of_user is not null then
    if by_start and p_filter ? 'health' then
      return next runledger_private.scan_source(array(
        select of_user || ' and e.status = ' || quote_literal(s) from unnest(runledger_private.open_statuses()) s)
        || (of_user || ' and ' || reported));
    elsif by_start and failure is not null then
      return next runledger_private.scan_source(array[of_user || ' and ' || failure]);
    elsif by_start and p_filter ? 'verdict' then
      return next runledger_private.scan_source(array[of_user || ' and e.verdict = '
        || quote_literal(p_filter ->> 'verdict')]);
    elsif (by_start and not 'completed' = any (statuses)) or (p_order_by = 'completed_at' and unsuccessful) then
      return next runledger_private.scan_source(array(
        select of_user || ' and e.status = ' || quote_literal(s) from unnest(statuses) s group by s));
    elsif by_start and says_why then
      return next runledger_private.scan_source(array[of_user || ' and e.error_message is not null']);
    elsif of_workflow is null or p_order_by = 'duration' then
      return next runledger_private.scan_source(array[of_user]);
    end if;
  end if;
  if of_workflow is null then
    if of_user is not null and p_order_by <> 'duration' and p_filter ? 'workflowIds' then
      return next runledger_private.scan_source(array(
        select of_user || ' and e.workflow_id = ' || quote_literal(w)
          from unnest(runledger_private.text_array(p_filter -> 'workflowIds')) w group by w));
    end if;
    return;
  end if;
  if by_start and (p_filter ? 'health' or statuses <@ runledger_private.open_statuses()) then
    return next runledger_private.scan_source(array[of_workflow || ' and ' || unsettled]);
  elsif by_start and failure is not null then
    return next runledger_private.scan_source(array[of_workflow || ' and ' || failure]);
  elsif by_start and says_why then
    return next runledger_private.scan_source(array[of_workflow || ' and e.error_message is not null']);
  elsif of_user is null or p_order_by = 'duration' then
    return next runledger_private.scan_source(array[of_workflow]);
  end if;
  if of_user is not null and p_order_by <> 'duration' then
    return next runledger_private.scan_source(array[of_workflow || ' and ' || of_user]);
  end if;
end $$;
