-- The folder: moves deltas into cells.

-- Buckets are numbered up to some hundreds, and what one holds are executions of an hour, a day or a life.
-- squawk-ignore-file prefer-bigint-over-int, prefer-bigint-over-smallint

-- What is to be added to a cell; minus subtracts. `lost` values have left.
create type runledger_private.cell_change as (
  created_by text, workflow_id uuid, grain text, starts_at timestamptz,
  -- By status, as in execution_stats.
  counts bigint[],
  duration_count bigint, duration_sum bigint, duration_min bigint, duration_max bigint,
  lost_duration_min bigint, lost_duration_max bigint,
  queue_count bigint, queue_sum bigint, queue_min bigint, queue_max bigint, lost_queue_min bigint,
  lost_queue_max bigint,
  -- Whether its histograms change.
  has_durations boolean, has_queues boolean);
