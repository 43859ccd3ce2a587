/* Callers: execution_sources, everybody_sources. */
-- for: service_role
create function runledger_private.scan_source(p_branches text[]) returns jsonb
language sql immutable parallel safe
return jsonb_build_object('kind', 'scan', 'branches', p_branches);
