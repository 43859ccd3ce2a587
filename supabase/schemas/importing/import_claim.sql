/* A thing that one execution alone can have, as a uuid: its id, its run, its workflow id while it is open.
   Callers: judge_rows, note_preview. */
-- for: service_role
create function runledger_private.import_claim(p_kind text, p_a text, p_b text default '', p_c text default '')
returns uuid
language sql immutable parallel safe
return md5(p_kind || chr(10) || p_a || chr(10) || p_b || chr(10) || p_c)::uuid;
