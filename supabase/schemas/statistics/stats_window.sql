/* Which cells make up a window: hours [starts_at, days_from), days [days_from, days_to), hours [days_to, ends_at).
   Null is open. Callers: every function of statistics. */
-- for: service_role, authenticated
create function runledger_private.stats_window(p_from timestamptz, p_to timestamptz,
  out starts_at timestamptz, out days_from timestamptz, out days_to timestamptz, out ends_at timestamptz)
language plpgsql stable
set search_path = ''
as $$
declare
  v_hours_from timestamptz := runledger_private.hours_from();
begin
  if p_to < p_from then
    raise exception 'The window ends (%) before it starts (%).', p_to, p_from
      using errcode = 'PT400', detail = 'invalid_input', hint = 'Pass the earlier time as the start.';
  end if;
  starts_at := date_trunc('hour', coalesce(p_from, '-infinity'), 'UTC');
  ends_at := date_trunc('hour', coalesce(p_to, 'infinity'), 'UTC');
  if ends_at < p_to then ends_at := ends_at + interval '1 hour'; end if;
  if starts_at < v_hours_from then starts_at := date_trunc('day', starts_at, 'UTC'); end if;
  if ends_at < v_hours_from and ends_at > date_trunc('day', ends_at, 'UTC') then
    ends_at := date_trunc('day', ends_at, 'UTC') + interval '1 day';
  end if;
  days_from := date_trunc('day', starts_at, 'UTC');
  if days_from < starts_at then days_from := days_from + interval '1 day'; end if;
  days_from := least(days_from, ends_at);
  days_to := greatest(days_from, date_trunc('day', ends_at, 'UTC'));
end $$;
