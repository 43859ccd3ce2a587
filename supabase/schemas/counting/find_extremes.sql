/* Finds smallest and largest values of stale cells anew: hours from rows, days from their hours while these are kept,
   a life from its days. What is not folded yet may be in them already; folding it changes nothing then, and its leaving
   makes the cell stale again. Its callers have folded all there was to fold, and hold the lock of the folder.
   Callers: fold_execution_stats, rebuild_execution_stats. */
-- for: service_role
create function runledger_private.find_extremes(p_limit integer) returns void
language plpgsql
set search_path = ''
-- Also where statistics of the cells are old, or not there yet.
set enable_seqscan = off
as $$
declare
  c runledger.execution_stats;
  v_hours_from timestamptz;
  v_span interval;
  v_from_rows boolean;
  v_parts text;
  x record;
begin
  delete from runledger.execution_stats s
   where s.is_stale and 0 = all (s.counts)
     and (s.duration_count, s.duration_sum, s.queue_count, s.queue_sum) = (0, 0, 0, 0);
  select s.hours_from into v_hours_from from runledger.fold_state s;
  for c in
    select * from runledger.execution_stats s where s.is_stale
     order by array_position(array['hour', 'day', 'life'], s.grain) limit p_limit
  loop
    v_span := case c.grain when 'hour' then interval '1 hour' else interval '1 day' end;
    v_from_rows := c.grain = 'hour' or (c.grain = 'day' and c.starts_at < v_hours_from);
    if v_from_rows then
      select * into x from runledger_private.extremes_of_rows(c.created_by, c.workflow_id, c.starts_at,
        c.starts_at + v_span);
    else
      v_parts := case c.grain when 'day' then 'hour' else 'day' end;
      select min(s.duration_min) as duration_min, max(s.duration_max) as duration_max, min(s.queue_min) as queue_min,
             max(s.queue_max) as queue_max, bool_or(s.is_stale) as waits
        into x
        from runledger.execution_stats s
       where s.created_by = c.created_by and s.workflow_id = c.workflow_id and s.grain = v_parts
         and (c.grain = 'life' or (s.starts_at >= c.starts_at and s.starts_at < c.starts_at + v_span));
      continue when x.waits;
    end if;
    update runledger.execution_stats s
       set duration_min = x.duration_min, duration_max = x.duration_max, queue_min = x.queue_min,
           queue_max = x.queue_max,
           is_stale = false
     where s.created_by = c.created_by and s.grain = c.grain and s.workflow_id = c.workflow_id
       and s.starts_at = c.starts_at;
  end loop;
end $$;
