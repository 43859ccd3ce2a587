/* The time in milliseconds that stands for a bucket. Callers: everything that reads percentiles. */
-- for: service_role, authenticated
create function runledger_private.bucket_ms(bucket integer) returns double precision
language sql immutable parallel safe
return case when bucket < 0 then 0 else
  2 * power(1.02::float8 / 0.98::float8, bucket) / (1.02::float8 / 0.98::float8 + 1) end;
