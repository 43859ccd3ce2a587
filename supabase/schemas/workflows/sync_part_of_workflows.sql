/* Compares the next p_limit rows: the host's with ours, then ours with the host's. Returns where the next part begins.
   Callers: sync_workflows. */
-- for: nobody
create function runledger_private.sync_part_of_workflows(f runledger.followed_workflows, p_limit integer,
  out phase text, out last text, out examined integer, out changed integer, out archived integer, out is_done boolean)
language plpgsql
set search_path = ''
as $$
declare
  h record;
  o record;
begin
  phase := f.sync_phase;
  examined := 0;
  changed := 0;
  archived := 0;
  is_done := false;
  if phase = 'host' then
    select * into h from runledger_private.sync_host_rows(f, p_limit);
    examined := h.examined;
    changed := h.changed;
    last := h.last;
    if examined = p_limit then return; end if;
    f.sync_after := null;
    phase := 'ours';
  end if;
  select * into o from runledger_private.sync_our_rows(f, p_limit - examined);
  archived := o.archived;
  is_done := o.examined < p_limit - examined;
  examined := examined + o.examined;
  last := case when not is_done then coalesce(o.last, f.sync_after) end;
  if is_done then phase := 'host'; end if;
end $$;
