create type runledger_private.label_change as (
  created_by text, workflow_id uuid, grain text, starts_at timestamptz, kind text, label text, description text,
  n bigint);
