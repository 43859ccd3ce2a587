/* The id here of a row of the host's: its own where that is a uuid, else always the same one made of table and key.
   Callers: save_host_workflows. */
-- for: service_role
create function runledger_private.host_workflow_id(p_table text, p_host_id text) returns uuid
language sql immutable
return case when p_host_id ~* '^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$' then p_host_id::uuid
            -- uuid v8 (RFC 9562): the bits are whatever the application makes of them.
            else overlay(overlay(md5('runledger:' || p_table || ':' || p_host_id) placing '8' from 13)
                         placing 'a' from 17)::uuid end;
