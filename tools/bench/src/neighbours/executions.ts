import type { SqlDatabase } from '@runledger/local-stack';

/** Adds a workflow of a user and `count` executions of it, seven minutes apart, of which every fifth failed. @returns its id */
export async function addExecutions(database: SqlDatabase, userId: string, count: number): Promise<string> {
  const [workflow] = await database.query<{ id: string }>(
    `with w as (
       insert into runledger.workflows (user_id, name, workflow_type, task_queue) values ($1, 'Order', 'order', 'nobody')
         returning id),
     executions as (
     insert into runledger.workflow_executions
         (workflow_id, created_by, status, error_message, tags, metadata, started_at, completed_at)
       select w.id, $1, case when n % 5 = 0 then 'failed' else 'completed' end,
              case when n % 5 = 0 then 'Card declined for order ' || n end, '{rye}', jsonb_build_object('order', n),
              now() - n * interval '7 minutes', now() - n * interval '7 minutes' + interval '90 seconds'
         from w, generate_series(1, $2::int) n)
     select id from w`,
    [userId, count],
  );
  if (!workflow) throw new Error('the workflow of the benchmark was not inserted');
  return workflow.id;
}

/** Adds executions whose inputs are as large as one can be. @returns their ids */
export async function addLargeExecutions(
  database: SqlDatabase,
  { userId, workflowId, count }: { userId: string; workflowId: string; count: number },
): Promise<string[]> {
  const rows = await database.query<{ id: string }>(
    `insert into runledger.workflow_executions (workflow_id, created_by, status, input, started_at, completed_at)
     select $1, $2, 'completed', (select jsonb_agg(k + n) from generate_series(1, 240000) k), now(), now()
       from generate_series(1, $3::int) n
     returning id`,
    [workflowId, userId, count],
  );
  return rows.map(({ id }) => id);
}

/** Adds workflows of a user whose schemas are as large as one can be, none of which has executions. */
export async function addWorkflows(database: SqlDatabase, userId: string, count: number): Promise<void> {
  const schema = {
    properties: Object.fromEntries(Array.from({ length: 700 }, (_, n) => [`property ${n}`, { type: 'string' }])),
  };
  await database.query(
    `insert into runledger.workflows (user_id, name, workflow_type, task_queue, input_schema)
     select $1, 'Order ' || n, 'order', 'nobody', $2::jsonb from generate_series(1, $3::int) n`,
    [userId, JSON.stringify(schema), count],
  );
}
