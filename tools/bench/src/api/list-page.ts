/** Rows of a page. */
export const LIST_SIZE = 50;

/** The columns that a page of the API shows, of the table. */
export const LIST_COLUMNS =
  'id,workflow_id,created_by,engine,temporal_namespace,temporal_workflow_id,temporal_run_id,current_run_id,run_count,status,started_at,completed_at,duration_ms,error_message,tags,metadata,verdict,outcome_authority,revision';
