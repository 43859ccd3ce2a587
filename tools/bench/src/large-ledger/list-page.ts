import type { SqlDatabase } from '@runledger/local-stack';
import type { Question } from './ask.ts';

/** A page of 50 as the service asks for it. */
export interface ListPage {
  user?: string;
  workflow?: string;
  filter?: Record<string, unknown>;
  orderBy?: 'started_at' | 'completed_at' | 'duration';
}

/** Where a page begins: behind this sort value and id. */
export interface After {
  value: string;
  id: string;
}

const COLUMNS = `id, workflow_id, created_by, engine, temporal_workflow_id, status, error_message, started_at, completed_at,
  duration_ms, verdict, tags, metadata, revision`;

function conditionsOf({ user, workflow, filter = {}, orderBy = 'started_at' }: ListPage): string[] {
  const equal = { created_by: user, workflow_id: workflow, status: (filter.status as string[] | undefined)?.[0] };
  return [
    ...Object.entries(equal).flatMap(([column, value]) => (value === undefined ? [] : `${column} = '${value}'`)),
    ...(filter.from ? [`started_at >= '${filter.from}'`, `started_at < '${filter.to}'`] : []),
    ...(orderBy === 'completed_at' ? ['completed_at is not null'] : []),
  ];
}

/** As PostgREST asks for it: under the user's row-level security, or as the service role for the owner of a workflow. */
function ofTable(page: ListPage, conditions: string[], tail: string): Question {
  const { user, orderBy = 'started_at' } = page;
  return {
    role: user === undefined ? 'service_role' : 'authenticated',
    user: user ?? null,
    sql: `select coalesce(json_agg(t), '[]') from (select ${COLUMNS} from runledger.workflow_executions
       where ${conditions.join(' and ')} order by ${orderBy} desc, id desc ${tail}) t`,
  };
}

/** A page of the table, with the bound that lets Postgres begin at the cursor. */
export function tablePage(page: ListPage, after: After | null): Question {
  const by = page.orderBy ?? 'started_at';
  const bound = after ? [`${by} <= '${after.value}'`, `(${by} < '${after.value}' or id < '${after.id}')`] : [];
  return ofTable(page, [...conditionsOf(page), ...bound], 'limit 51');
}

/** The same page as it is often asked for: by how many rows to skip. */
export const offsetPage = (page: ListPage, offset: number): Question =>
  ofTable(page, conditionsOf(page), `limit 51 offset ${offset}`);

/** A page of the search, for filters that no index serves under row-level security. */
export function searchPage(
  { user, workflow, filter = {}, orderBy = 'started_at' }: ListPage,
  after: After | null,
): Question {
  return {
    role: 'service_role',
    user: null,
    sql: 'select runledger.search_executions($1, $2, $3::jsonb, $4, false, 50, $5::jsonb)',
    params: [user ?? null, workflow ?? null, JSON.stringify(filter), orderBy, after && JSON.stringify(after)],
  };
}

/** How many executions a list of the table has, and where its middle is. */
export async function middleOf(database: SqlDatabase, page: ListPage): Promise<{ depth: number; after: After } | null> {
  const by = page.orderBy === 'duration' ? 'duration_ms' : (page.orderBy ?? 'started_at');
  const where = conditionsOf(page).join(' and ');
  const [size] = await database.query<{ n: number }>(
    `select count(*)::int as n from runledger.workflow_executions where ${where}`,
  );
  const depth = Math.floor((size?.n ?? 0) / 2);
  const [row] = await database.query<After>(
    `select ${by}::text as value, id from runledger.workflow_executions where ${where} order by ${by} desc, id desc limit 1 offset ${depth}`,
  );
  return row ? { depth, after: row } : null;
}
