import type { SqlSession } from '@runledger/local-stack';
import type { Draw } from '../../draw.ts';
import type { Deed, PickedExecution } from './deed.ts';
import { changed, pickExecutions } from './deed.ts';
import { drawFailure, drawMs, drawUuid, drawVerdict, ENDS } from './drawn-values.ts';

const applied = async (db: SqlSession, by: 'record_outcomes' | 'record_open', items: object[]): Promise<number> =>
  (await db.query<{ result: string }>(`select result from runledger.${by}($1::jsonb)`, [JSON.stringify(items)])).filter(
    ({ result }) => result === 'applied',
  ).length;

function report({ id }: PickedExecution, draw: Draw): object {
  const status = draw.pick(ENDS);
  const timed = draw.integer(0, 1) === 0 ? {} : { durationMs: drawMs(draw) };
  const verdict = drawVerdict(draw);
  return {
    execution: id,
    status,
    authority: 'reported',
    source: 'report',
    reportId: drawUuid(draw),
    ...timed,
    ...drawFailure(draw, status),
    ...(verdict ? { verdict } : {}),
  };
}

function outcome({ id, temporal_run_id, current_run_id }: PickedExecution, draw: Draw, status: string): object {
  return {
    ...{ execution: id, status, authority: 'engine', source: 'watch', runs: [] },
    ...{ firstRunId: temporal_run_id, runId: current_run_id, durationMs: drawMs(draw) },
    ...(draw.integer(0, 1) === 0 ? {} : { firstTaskAt: new Date(Date.now() + drawMs(draw)).toISOString() }),
    ...drawFailure(draw, status),
  };
}

const isRun = `temporal_run_id is not null`;

/** The engine's word on what was reported: the same end, or another. */
const engineOn =
  (says: 'the same' | 'another'): Deed['act'] =>
  async (db, draw) => {
    const picked = await pickExecutions(db, draw, { where: `${isRun} and outcome_authority = 'reported'`, most: 3 });
    const status = (was: string) => (says === 'the same' ? was : draw.pick(ENDS.filter((end) => end !== was)));
    return applied(
      db,
      'record_outcomes',
      picked.map((one) => outcome(one, draw, status(one.status))),
    );
  };

export const PROGRESS: Deed[] = [
  {
    name: 'start what is pending, or go on with the next run',
    weight: 10,
    async act(db, draw) {
      const picked = await pickExecutions(db, draw, {
        where: `engine = 'temporal' and outcome_authority is null`,
        most: 3,
      });
      return applied(
        db,
        'record_open',
        picked.map(({ id, temporal_run_id }) => {
          const runId = drawUuid(draw);
          return { execution: id, source: 'feed', firstRunId: temporal_run_id ?? runId, runId, runs: [] };
        }),
      );
    },
  },
  {
    name: 'see the first task',
    weight: 8,
    async act(db, draw) {
      const [one] = await pickExecutions(db, draw, { where: 'first_task_at is null' });
      if (!one) return 0;
      return changed(
        db,
        `update runledger.workflow_executions set first_task_at = started_at + $2 * interval '1 millisecond' where id = $1`,
        [one.id, drawMs(draw) - 5],
      );
    },
  },
  {
    name: 'report ends, some twice and some against each other',
    weight: 16,
    async act(db, draw) {
      const picked = await pickExecutions(db, draw, { most: draw.pick([1, 1, 5]) });
      const first = picked.map((one) => report(one, draw));
      const contradictions = draw.integer(0, 2) === 0 ? picked.map((one) => report(one, draw)) : [];
      return applied(
        db,
        'record_outcomes',
        draw.shuffle([...first, ...(draw.integer(0, 2) === 0 ? first : []), ...contradictions]),
      );
    },
  },
  {
    name: 'end by the engine',
    weight: 8,
    async act(db, draw) {
      const picked = await pickExecutions(db, draw, { where: `${isRun} and status = 'running'`, most: 3 });
      return applied(
        db,
        'record_outcomes',
        picked.map((one) => outcome(one, draw, draw.pick(ENDS))),
      );
    },
  },
  { name: 'confirm a report by the engine', weight: 4, act: engineOn('the same') },
  { name: 'correct a report by the engine', weight: 4, act: engineOn('another') },
  {
    name: 'take a report back',
    weight: 4,
    async act(db, draw) {
      const picked = await pickExecutions(db, draw, { where: `${isRun} and outcome_authority = 'reported'`, most: 2 });
      return applied(
        db,
        'record_open',
        picked.map(({ id, temporal_run_id, current_run_id, revision }) => ({
          execution: id,
          source: 'watch',
          firstRunId: temporal_run_id,
          runId: current_run_id,
          runs: [],
          takeBackRevision: revision,
        })),
      );
    },
  },
  {
    name: 'reopen by a reset',
    weight: 4,
    async act(db, draw) {
      const picked = await pickExecutions(db, draw, { where: `outcome_authority = 'engine'`, most: 2 });
      return applied(
        db,
        'record_open',
        picked.map(({ id, temporal_run_id }) => ({
          execution: id,
          source: 'feed',
          firstRunId: temporal_run_id,
          runId: drawUuid(draw),
          runs: [],
        })),
      );
    },
  },
  {
    name: 'give, change or take a verdict',
    weight: 8,
    async act(db, draw) {
      const [one] = await pickExecutions(db, draw);
      return one
        ? changed(
            db,
            'update runledger.workflow_executions set verdict = $2 where id = $1 and verdict is distinct from $2',
            [one.id, drawVerdict(draw)],
          )
        : 0;
    },
  },
  {
    name: 'correct a duration and a failure by hand',
    weight: 4,
    async act(db, draw) {
      const [one] = await pickExecutions(db, draw, { where: `status = 'failed' and outcome_authority = 'reported'` });
      return one
        ? changed(db, 'update runledger.workflow_executions set duration_ms = $2, error_message = $3 where id = $1', [
            one.id,
            drawMs(draw),
            `kind ${draw.integer(1, 3)}`,
          ])
        : 0;
    },
  },
];
