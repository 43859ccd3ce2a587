/* The log bucket of a time in milliseconds (DDSketch, Masson et al. 2019): bucket i holds (g^(i-1), g^i] with
   g = 1.02 / 0.98, so its middle is within 2 % of all it holds; -1 holds 0. Callers: everything that counts times. */
-- for: service_role, authenticated
create function runledger_private.bucket_of(ms bigint) returns smallint
language sql immutable parallel safe
return case when ms <= 0 then -1 else ceil(ln(ms::float8) / ln(1.02::float8 / 0.98::float8)) end::smallint;
