import type { SqlSession } from '@runledger/local-stack';
import type { Draw } from '../../draw.ts';
import type { Deed } from './deed.ts';
import { changed, pickUser, pickWorkflow } from './deed.ts';
import { drawMs, drawStart, drawUuid, drawVerdict, ENDS } from './drawn-values.ts';

async function forWhom(db: SqlSession, draw: Draw): Promise<{ workflow: string; user: string } | undefined> {
  const workflow = await pickWorkflow(db, draw);
  const user = draw.integer(1, 4) === 1 ? await pickUser(db, draw) : workflow?.owner;
  return workflow && user !== undefined ? { workflow: workflow.id, user } : undefined;
}

async function createByFunction(db: SqlSession, draw: Draw, engine: object): Promise<number> {
  const whose = await forWhom(db, draw);
  if (!whose) return 0;
  const execution = { created_by: whose.user, workflow_id: whose.workflow, started_at: drawStart(draw), ...engine };
  await db.query('select runledger.create_execution($1::jsonb)', [JSON.stringify(execution)]);
  return 1;
}

export const CREATIONS: Deed[] = [
  {
    name: 'create a direct execution',
    weight: 9,
    act: (db, draw) => createByFunction(db, draw, { id: drawUuid(draw) }),
  },
  {
    name: 'create an execution that runs in the engine',
    weight: 14,
    act: (db, draw) =>
      createByFunction(db, draw, { temporal_workflow_id: drawUuid(draw), temporal_run_id: drawUuid(draw) }),
  },
  {
    name: 'admit an execution that the ledger will start',
    weight: 7,
    async act(db, draw) {
      const workflow = await pickWorkflow(db, draw);
      if (!workflow) return 0;
      const request = {
        id: drawUuid(draw),
        workflow_id: workflow.id,
        created_by: workflow.owner,
        input: {},
        start_within_ms: 60_000,
      };
      await db.query('select runledger.admit_execution($1::jsonb)', [JSON.stringify(request)]);
      return 1;
    },
  },
  {
    name: 'insert executions that have ended, a batch of all users and workflows',
    weight: 3,
    async act(db, draw) {
      let rows = 0;
      for (let i = 0; i < 12; i++) {
        const whose = await forWhom(db, draw);
        if (!whose) return rows;
        const status = draw.pick(ENDS);
        rows += await changed(
          db,
          `insert into runledger.workflow_executions (id, workflow_id, created_by, status, started_at, duration_ms, verdict, error_message)
             values ($1, $2, $3, $4, $5, $6, $7, $8)`,
          [
            drawUuid(draw),
            whose.workflow,
            whose.user,
            status,
            drawStart(draw),
            drawMs(draw),
            drawVerdict(draw),
            status === 'completed' ? null : `kind ${draw.integer(1, 3)}`,
          ],
        );
      }
      return rows;
    },
  },
];
