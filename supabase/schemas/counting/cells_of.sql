/* Every cell that an hour of a user's workflow counts in. Callers: the folder, prunes, recounts. */
-- for: service_role
create function runledger_private.cells_of(p_user text, p_workflow uuid, p_from timestamptz, p_hours_from timestamptz,
  p_grain text default 'hour')
returns table (created_by text, workflow_id uuid, grain text, starts_at timestamptz)
language sql immutable parallel safe
begin atomic
  select case when k.by_user then p_user else '' end,
         case when k.by_workflow then p_workflow else '00000000-0000-0000-0000-000000000000' end,
         g.grain,
         case g.grain when 'hour' then p_from when 'day' then date_trunc('day', p_from, 'UTC') else '-infinity' end
    from (values (true, true), (true, false), (false, true)) k (by_user, by_workflow),
         (values ('hour'), ('day'), ('life')) g (grain)
   where g.grain <> 'hour' or (p_grain = 'hour' and p_from >= p_hours_from);
end;
