import type { SqlSession } from '@runledger/local-stack';
import { buffersRead } from '../buffers-read.ts';

/** A list as the service asks for it. */
export interface ListPage {
  user?: string;
  workflow?: string;
  /** Of neither, but of all there are. */
  everybody?: boolean;
  filter?: Record<string, unknown>;
  orderBy?: 'started_at' | 'completed_at' | 'duration';
  ascending?: boolean;
  /** Sort value and id of the row before the page. */
  after?: { value: string; id: string };
  limit?: number;
}

export interface SearchPage {
  rows: { id: string; created_by: string }[];
  next: { value: string; id: string } | null;
  searchedUntil: string | null;
}

const searchArguments = (page: ListPage) => [
  page.user ?? null,
  page.workflow ?? null,
  JSON.stringify(page.filter ?? {}),
  page.orderBy ?? 'started_at',
  page.ascending ?? false,
  page.limit ?? 50,
  page.after ? JSON.stringify(page.after) : null,
  page.everybody ?? false,
];

const SEARCH = 'select runledger.search_executions($1, $2, $3::jsonb, $4, $5, $6, $7::jsonb, $8) as page';

export async function search(db: SqlSession, page: ListPage): Promise<SearchPage> {
  const [answer] = await db.query<{ page: SearchPage }>(SEARCH, searchArguments(page));
  return (answer as { page: SearchPage }).page;
}

/** What the service selects; the newest columns matter less than that there are no payloads. */
const COLUMNS = `id, workflow_id, created_by, engine, temporal_workflow_id, status, error_message, started_at, completed_at,
  duration_ms, verdict, tags, metadata, revision, failure_group, checked`;

/** The statement that PostgREST makes of a request for a page of the table. */
function tableStatement({
  user,
  workflow,
  filter = {},
  orderBy = 'started_at',
  ascending,
  after,
  limit = 50,
}: ListPage) {
  const direction = ascending ? 'asc' : 'desc';
  const beyond = ascending ? '>' : '<';
  const conditions = Object.entries({
    created_by: user,
    workflow_id: workflow,
    status: (filter.status as string[] | undefined)?.[0],
    verdict: filter.verdict,
  }).flatMap(([column, value]) => (value === undefined ? [] : `${column} = '${value}'`));
  if (filter.from) conditions.push(`started_at >= '${filter.from}'`);
  if (filter.to) conditions.push(`started_at < '${filter.to}'`);
  if (orderBy === 'completed_at') conditions.push('completed_at is not null');
  if (after)
    conditions.push(
      `${orderBy} ${beyond}= '${after.value}'`,
      `(${orderBy} ${beyond} '${after.value}' or id ${beyond} '${after.id}')`,
    );
  return `with pgrst_source as (
      select ${COLUMNS} from runledger.execution_rows where ${conditions.join(' and ') || 'true'}
       order by ${orderBy} ${direction}, id ${direction} limit ${limit + 1} offset 0)
    select null::bigint as total_result_set, pg_catalog.count(t) as page_total, coalesce(json_agg(t), '[]') as body
      from (select * from pgrst_source) t`;
}

/** Buffers of a page that is searched. */
export const searchCost = (db: SqlSession, page: ListPage) => buffersRead(db, SEARCH, searchArguments(page));

/** Buffers of a page of the table endpoint, as a role under its row-level security. */
export const tableCost = (db: SqlSession, page: ListPage) => buffersRead(db, tableStatement(page));

/** Buffers of a count. */
export const countCost = (db: SqlSession, { user, workflow, everybody = false, filter = {} }: ListPage) =>
  buffersRead(db, 'select runledger.count_executions($1, $2, $3::jsonb, $4)', [
    user ?? null,
    workflow ?? null,
    JSON.stringify(filter),
    everybody,
  ]);
