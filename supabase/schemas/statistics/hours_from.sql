-- Statistics: cells and the tail of deltas, read in one snapshot. Windows go by started_at and are whole UTC hours, or
-- days where hour cells are no longer kept: a window is widened to them, and the answer names the window it is of.
-- Callers see what row-level security lets them see: a user their own cells, the service role all.

/* From where hour cells are kept. Callers: every read of a window. */
-- for: service_role, authenticated
create function runledger_private.hours_from() returns timestamptz
language plpgsql stable security definer
set search_path = ''
as $$
begin
  return (select s.hours_from from runledger.fold_state s);
end $$;
