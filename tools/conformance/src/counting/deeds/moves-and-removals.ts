import type { Deed } from './deed.ts';
import { changed, pickExecutions, pickUser, pickWorkflow } from './deed.ts';
import { drawUuid } from './drawn-values.ts';

const answered = (rows: { n: number }[]): number => rows[0]?.n ?? 0;

/** Never all of them: somebody has to be left to go on with. */
const MORE_THAN_TWO = '(select count(*) > 2 from runledger.users)';

export const MOVES_AND_REMOVALS: Deed[] = [
  {
    name: 'give an execution to another user or workflow',
    weight: 3,
    async act(db, draw) {
      const [one] = await pickExecutions(db, draw);
      const [user, workflow] = [await pickUser(db, draw), await pickWorkflow(db, draw)];
      if (!one || user === undefined || !workflow) return 0;
      return draw.integer(0, 1) === 0
        ? changed(db, 'update runledger.workflow_executions set created_by = $2 where id = $1', [one.id, user])
        : changed(db, 'update runledger.workflow_executions set workflow_id = $2 where id = $1', [one.id, workflow.id]);
    },
  },
  {
    name: 'rename a user',
    weight: 0.6,
    act: async (db, draw) =>
      changed(db, 'update runledger.users set id = $2 where id = $1', [
        await pickUser(db, draw),
        `user-${drawUuid(draw)}`,
      ]),
  },
  {
    name: 'delete executions',
    weight: 5,
    async act(db, draw) {
      const picked = await pickExecutions(db, draw, { most: draw.pick([1, 1, 12]) });
      return changed(db, 'delete from runledger.workflow_executions where id = any ($1)', [picked.map(({ id }) => id)]);
    },
  },
  {
    name: 'delete a workflow’s executions in a batch',
    weight: 1,
    async act(db, draw) {
      const workflow = await pickWorkflow(db, draw);
      if (!workflow) return 0;
      return answered(
        await db.query('select runledger.delete_workflow_executions($1, null, $2) as n', [
          workflow.id,
          draw.integer(1, 60),
        ]),
      );
    },
  },
  {
    name: 'prune ended executions, and go on counting them',
    weight: 6,
    async act(db, draw) {
      const picked = await pickExecutions(db, draw, {
        where: `outcome_authority is not null`,
        most: draw.pick([1, 5, 15]),
      });
      return answered(
        await db.query('select runledger_private.prune_counted($1::uuid[]) as n', [picked.map(({ id }) => id)]),
      );
    },
  },
  {
    name: 'delete a user with all they own, pruned executions too',
    weight: 0.3,
    act: async (db, draw) =>
      changed(db, `delete from runledger.users where id = $1 and ${MORE_THAN_TWO}`, [await pickUser(db, draw)]),
  },
  {
    name: 'delete a workflow with all its executions',
    weight: 0.3,
    act: async (db, draw) =>
      changed(db, 'delete from runledger.workflows where id = $1', [(await pickWorkflow(db, draw))?.id]),
  },
  {
    name: 'add a user and workflows',
    weight: 2,
    async act(db, draw) {
      const id = `user-${drawUuid(draw)}`;
      await db.query('insert into runledger.users (id) select $1 where (select count(*) < 6 from runledger.users)', [
        id,
      ]);
      return changed(
        db,
        `insert into runledger.workflows (id, user_id, name, workflow_type, task_queue)
           select w::uuid, u.id, 'Order', 'order', 'demo' from unnest($1::text[]) w, (select id from runledger.users order by id desc limit 1) u
            where (select count(*) < 12 from runledger.workflows)`,
        [[drawUuid(draw), drawUuid(draw)]],
      );
    },
  },
];
