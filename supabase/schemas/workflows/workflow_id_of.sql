/* The definition that is meant: by its id, or by the key of the host's row that it follows. Null where there is none.
   Callers: create_execution, get_workflow. */
-- for: service_role
create function runledger_private.workflow_id_of(p_ref text) returns uuid
language plpgsql
set search_path = ''
as $$
declare
  v_id uuid;
begin
  for attempt in 1 .. 2 loop
    if p_ref ~* '^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$' then
      select w.id into v_id from runledger.workflows w where w.id = p_ref::uuid;
    else
      select w.id into v_id from runledger.workflows w
        left join runledger.followed_workflows f on f.host_table = w.host_table
       where w.host_id = p_ref order by f.host_table is null, w.created_at desc limit 1;
    end if;
    if found then return v_id; end if;
    if attempt = 1 then perform runledger_private.bring_workflow(p_ref); end if;
  end loop;
  return null;
end $$;
