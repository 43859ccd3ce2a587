-- `cell` counts the changes of cells from 1.
create type runledger_private.bucket_change as (cell integer, is_queue boolean, bucket smallint, n integer);
