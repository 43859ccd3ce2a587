/* Removes what is due among the next executions, by a policy { payloads, timelines, rows } of intervals, and keeps how
   far the run has got: the next call with its id goes on from there. A dry run only counts: it goes on after `p_after`.
   Callers: RetentionService.prune. Returns, of the whole run, of a dry run for these executions only: { after, done,
   examined, unsettled, payloads, timelines, rows: { before, due } }. */
-- for: service_role
create function runledger.prune_executions(p_policy jsonb, p_run uuid default null, p_limit integer default 5000,
                                        p_dry_run boolean default false, p_after uuid default null)
returns jsonb
language plpgsql
set search_path = ''
as $$
declare
  v_policy constant jsonb := runledger_private.unwrap(p_policy);
  v_limit constant integer := least(greatest(coalesce(p_limit, 5000), 1), 20000);
  r runledger.execution_prunes;
  v_due record;
  v_done boolean;
begin
  if jsonb_typeof(v_policy) is distinct from 'object' or jsonb_strip_nulls(v_policy) = '{}' or exists (
    select from jsonb_each_text(v_policy) x
     where x.key not in ('payloads', 'timelines', 'rows') or x.value::interval < interval '1 minute') then
    raise exception 'A policy says after how long payloads, timelines and rows go, each a minute or more; not %.',
    left(v_policy::text, 200)
      using errcode = 'PT400', detail = 'invalid_input',
        hint = 'For example {"payloads": "30 days", "rows": "365 days"}.';
  end if;
  if p_dry_run then
    r.payloads_before := clock_timestamp() - (v_policy ->> 'payloads')::interval;
    r.timelines_before := clock_timestamp() - (v_policy ->> 'timelines')::interval;
    r.rows_before := clock_timestamp() - (v_policy ->> 'rows')::interval;
    r.after_id := p_after;
  else
    r := runledger_private.begin_prune(p_run, v_policy);
  end if;

  select coalesce((array_agg(d.id order by d.id desc))[1], r.after_id) as after, count(*) as examined,
         count(*) filter (where d.is_old and not d.is_settled) as unsettled,
         count(*) filter (where d.has_payloads) as with_payloads, count(*) filter (where d.payloads_due) as payloads,
         count(*) filter (where d.has_timeline) as with_timeline, count(*) filter (where d.timeline_due) as timelines,
         count(*) filter (where d.row_due) as rows,
         coalesce(array_agg(d.id order by d.id) filter (where d.row_due), '{}') as row_ids,
         coalesce(array_agg(d.id order by d.id) filter (where d.timeline_due and not d.row_due), '{}') as timeline_ids,
         coalesce(array_agg(d.id order by d.id) filter (where d.payloads_due and not d.row_due), '{}') as payload_ids
    into v_due
    from runledger_private.prunable(r.after_id, v_limit, r.payloads_before, r.timelines_before, r.rows_before) d
   where r.finished_at is null;
  v_done := v_due.examined < v_limit;

  if not p_dry_run and r.finished_at is null then
    perform runledger_private.prune_due(v_due.row_ids, v_due.timeline_ids, v_due.payload_ids);
    update runledger.execution_prunes x
       set after_id = v_due.after, examined = x.examined + v_due.examined, unsettled = x.unsettled + v_due.unsettled,
           had_payloads = x.had_payloads + v_due.with_payloads, payloads = x.payloads + v_due.payloads,
           had_timelines = x.had_timelines + v_due.with_timeline, timelines = x.timelines + v_due.timelines,
           rows = x.rows + v_due.rows,
           beat_at = clock_timestamp(), finished_at = case when v_done then clock_timestamp() end
     where x.id = r.id returning * into r;
  end if;
  if not p_dry_run then
    return jsonb_build_object('after', r.after_id, 'done', r.finished_at is not null, 'examined', r.examined,
      'unsettled', r.unsettled,
      'payloads', jsonb_build_object('before', r.had_payloads, 'due', r.payloads),
      'timelines', jsonb_build_object('before', r.had_timelines, 'due', r.timelines),
      'rows', jsonb_build_object('before', r.examined, 'due', r.rows));
  end if;
  return jsonb_build_object('after', v_due.after, 'done', v_done, 'examined', v_due.examined, 'unsettled',
    v_due.unsettled,
    'payloads', jsonb_build_object('before', v_due.with_payloads, 'due', v_due.payloads),
    'timelines', jsonb_build_object('before', v_due.with_timeline, 'due', v_due.timelines),
    'rows', jsonb_build_object('before', v_due.examined, 'due', v_due.rows));
end $$;
