/* A uuid made of a name (RFC 9562, version 8): the same name gives the same one, always. Callers: read_run, the
   compatibility names. */
-- for: service_role, authenticated
create function runledger_private.named_uuid(p_name text) returns uuid
language sql immutable parallel safe
set search_path = ''
as $$
  select encode(set_byte(set_byte(h.b, 6, (get_byte(h.b, 6) & 15) | 128), 8, (get_byte(h.b, 8) & 63) | 128),
    'hex')::uuid
    from (select substring(sha256(convert_to(p_name, 'UTF8')) from 1 for 16) as b) h;
$$;
