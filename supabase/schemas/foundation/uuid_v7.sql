/* uuid v7 (RFC 9562): 48 bits of milliseconds, then random. Ordered by time, so an index grows at its end.
   Callers: column defaults. */
-- for: service_role
create function runledger_private.uuid_v7() returns uuid
language sql volatile parallel safe
return encode(
    set_bit(
      set_bit(
        overlay(uuid_send(gen_random_uuid())
                placing substring(int8send((extract(epoch from clock_timestamp()) * 1000)::bigint) from 3)
                from 1 for 6),
        52, 1),
      53, 1),
    'hex')::uuid;
