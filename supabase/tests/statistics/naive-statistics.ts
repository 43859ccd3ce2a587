import { EXECUTION_STATUSES, TERMINAL_STATUSES } from '@runledger/contracts';
import type { SqlDatabase } from '@runledger/local-stack';

/** Whose executions: of a user, of a workflow, of both, or all. */
export interface Scope {
  user: string | null;
  workflow: string | null;
}

/** As text, to the microsecond; null is open. */
export interface Span {
  from: string | null;
  to: string | null;
}

const QUEUE = `greatest(0, round(extract(epoch from first_task_at - started_at) * 1000))`;
const IN_SCOPE = `($1::text is null or created_by = $1) and ($2::uuid is null or workflow_id = $2)
  and started_at >= coalesce($3::timestamptz, '-infinity') and started_at < coalesce($4::timestamptz, 'infinity')`;
const COUNTS = EXECUTION_STATUSES.map(
  (status) => `count(*) filter (where status = '${status}')::int as ${status}`,
).join(', ');
const ENDS = TERMINAL_STATUSES.map((status) => `'${status}'`).join(', ');
const TIMES = ['duration', 'queue']
  .map((of) =>
    [
      `(avg(${of}) filter (where ${of} is not null))::float8 as avg_${of}_ms, min(${of})::float8 as min_${of}_ms, max(${of})::float8 as max_${of}_ms`,
      ...[50, 90, 95, 99].map(
        (p) => `(percentile_disc(${p / 100}) within group (order by ${of}))::float8 as p${p}_${of}_ms`,
      ),
    ].join(', '),
  )
  .join(', ');
const FIGURES = `count(*)::int as total, ${COUNTS}, ${TIMES},
  round(100.0 * count(*) filter (where status = 'completed')
    / nullif(count(*) filter (where status in (${ENDS})), 0), 1)::float8 as success_rate`;
const EXECUTIONS = `(select *, duration_ms as duration, case when first_task_at is not null then ${QUEUE} end as queue
  from truth.executions where ${IN_SCOPE}) e`;

export type Figures = Record<string, number | null>;

const params = (scope: Scope, span: Span) => [scope.user, scope.workflow, span.from, span.to];

/** Straight from the rows, without any counter. */
export function naiveStatistics(db: SqlDatabase) {
  return {
    async stats(scope: Scope, span: Span): Promise<Figures & { verdicts: Record<string, number> }> {
      const [figures] = await db.query<Figures & { verdicts: Record<string, number> }>(
        `with e as materialized (select * from ${EXECUTIONS})
         select ${FIGURES}, (select coalesce(jsonb_object_agg(v.verdict, v.n), '{}') from (
             select verdict, count(*) as n from e where verdict is not null group by 1) v) as verdicts from e`,
        params(scope, span),
      );
      return figures as Figures & { verdicts: Record<string, number> };
    },
    /** One for each span; those in which nothing was started have no figures. */
    async series(scope: Scope, spans: Span[]): Promise<Figures[]> {
      const found = await db.query<Figures & { n: number }>(
        `select p.n::int, ${FIGURES}
           from unnest($5::timestamptz[], $6::timestamptz[]) with ordinality p (starts, ends, n)
           join ${EXECUTIONS} on e.started_at >= p.starts and e.started_at < p.ends group by 1`,
        [...params(scope, { from: null, to: null }), spans.map(({ from }) => from), spans.map(({ to }) => to)],
      );
      const [nothing] = await db.query<Figures>(
        `select ${FIGURES} from ${EXECUTIONS} where false`,
        params(scope, { from: null, to: null }),
      );
      return spans.map((_, at) => found.find(({ n }) => n === at + 1) ?? (nothing as Figures));
    },
    workflows: (scope: Scope, span: Span, limit: number) =>
      db.query<Figures>(
        `select workflow_id, ${FIGURES} from ${EXECUTIONS} group by 1 order by total desc, workflow_id limit ${limit}`,
        params(scope, span),
      ),
    failures: (scope: Scope, span: Span) =>
      db.query(
        `select failure_group, count(*)::int as executions,
                min(started_at) filter (where is_kept) as first_started_at, max(started_at) filter (where is_kept) as last_started_at,
                (array_agg(id order by started_at desc, id desc) filter (where is_kept))[1] as last_execution_id
           from ${EXECUTIONS} where failure_group is not null group by 1 order by 2 desc, 1`,
        params(scope, span),
      ),
  };
}
