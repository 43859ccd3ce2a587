/* The time that stands for a bucket, inside what is known of smallest and largest. Callers: everything with
   percentiles. */
-- for: service_role, authenticated
create function runledger_private.clamp_bucket(p_bucket integer, p_min bigint, p_max bigint) returns double precision
language sql immutable parallel safe
return case when p_bucket is not null then greatest(p_min, least(p_max, runledger_private.bucket_ms(p_bucket))) end;
