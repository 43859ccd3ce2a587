create type runledger_private.stats as (
  total bigint, counts jsonb, success_rate double precision,
  avg_duration_ms double precision, min_duration_ms bigint, max_duration_ms bigint, p50_duration_ms double precision,
  p90_duration_ms double precision, p95_duration_ms double precision, p99_duration_ms double precision,
  avg_queue_ms double precision, min_queue_ms bigint, max_queue_ms bigint, p50_queue_ms double precision,
  p90_queue_ms double precision, p95_queue_ms double precision, p99_queue_ms double precision,
  extremes_are_exact boolean);
