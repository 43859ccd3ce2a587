import type { RouterOutputs } from '@runledger/client';
import type { ListedExecution } from '@runledger/contracts';
import { connectSupabase, createExecutionService } from '@runledger/execution-service';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ApiFixture, TestUser } from './fixtures/api-fixture.ts';
import { ORDER, startApiFixture } from './fixtures/api-fixture.ts';

/** Executions with nearly as much metadata as one may have, and with little. */
const LARGE = 90;
const SMALL = 150;
/** Half a megabyte of metadata, and rows. */
const PAGE_BYTES = 800_000;

let fixture: ApiFixture;
let anna: TestUser;
/** The latest first: as many large ones as two pages and a half have, then the small ones. */
let ids: string[];

beforeAll(async () => {
  fixture = await startApiFixture();
  anna = await fixture.signUp('anna');
  const { id } = await anna.client.workflow.create.mutate({ ...ORDER, redact: ['/metadata/secret'] });
  await fixture.supabase.database.query(
    `insert into runledger.workflow_executions (workflow_id, created_by, status, error_message, tags, metadata, started_at, completed_at)
     select $1, $2, 'failed', 'Card declined', '{vip}',
            jsonb_build_object('n', n, 'secret', 'of nobody') ||
              case when n <= ${LARGE} then jsonb_build_object('notes', repeat('note ', 3000)) else '{}' end,
            $3::timestamptz - n * interval '1 minute', $3::timestamptz
       from generate_series(1, ${LARGE + SMALL}) n`,
    [id, anna.id, new Date().toISOString()],
  );
  const rows = await fixture.supabase.database.query<{ id: string }>(
    'select id from runledger.workflow_executions order by started_at desc',
  );
  ids = rows.map((row) => row.id);
});
afterAll(() => fixture?.[Symbol.asyncDispose]());

type ListInput = Parameters<TestUser['client']['execution']['listExecutions']['query']>[0];

async function pagesOf(input: ListInput): Promise<ListedExecution[][]> {
  const pages: ListedExecution[][] = [];
  let cursor: string | null = null;
  do {
    const page: { items: ListedExecution[]; nextCursor: string | null } =
      await anna.client.execution.listExecutions.query({ ...input, limit: 200, cursor });
    pages.push(page.items);
    cursor = page.nextCursor;
  } while (cursor !== null);
  return pages;
}
const hasItsMetadata = ({ id, metadata }: ListedExecution) => {
  const n = ids.indexOf(id) + 1;
  expect(metadata).toEqual({
    ...{ n, secret: '[redacted]' },
    ...(n <= LARGE ? { notes: 'note '.repeat(3_000) } : {}),
  });
};

describe('a page of executions with much metadata', () => {
  test.each<[string, ListInput]>([
    ['by an index', {}],
    ['by a search', { tags: ['vip'] }],
    ['by ids', { ids: [] }],
    ['by duration', { orderBy: 'duration', orderDirection: 'asc' }],
    ['by when they ended', { orderBy: 'completed_at', tags: ['vip'] }],
  ])('ends before it is large, with all that the others have, listed %s', async (_, input) => {
    const asked = input?.ids ? ids.slice(0, 100) : ids;
    const pages = await pagesOf(input?.ids ? { ids: asked } : input);
    expect(pages.map((page) => JSON.stringify(page).length > PAGE_BYTES)).toEqual(pages.map(() => false));
    const rows = pages.flat();
    expect(rows.map(({ id }) => id).toSorted()).toEqual(asked.toSorted());
    for (const row of rows) hasItsMetadata(row);
    // Those with little metadata are not kept apart.
    expect(pages.length).toBeLessThanOrEqual(5);
  });

  test('is as long as asked for where its rows have little', async () => {
    const { items } = await anna.client.execution.listExecutions.query({ limit: 120, to: `${atMinute(LARGE)}` });
    expect(items).toHaveLength(120);
  });

  test('is sent again where more of them have changed than a page has; few are told as changes, whole', async () => {
    const events: WatchedEvent[] = [];
    const watch = anna.client.execution.watchExecutions.subscribe(
      { limit: 5 },
      { onData: ({ data }) => void events.push(data) },
    );
    const last = () => events.at(-1);
    const change = (some: string[]) =>
      fixture.supabase.database.query(
        `update runledger.workflow_executions set tags = tags || array['seen'] where id = any ($1::uuid[])`,
        [some],
      );
    try {
      await expect.poll(last, { timeout: 60_000 }).toMatchObject({ kind: 'snapshot' });
      await change(ids.slice(0, 3));
      await expect.poll(() => told(events), { timeout: 60_000 }).toHaveLength(3);
      for (const { execution } of told(events)) hasItsMetadata(execution);
      const before = events.length;
      await change(ids.slice(0, LARGE));
      await expect.poll(() => events.length, { timeout: 60_000 }).toBeGreaterThan(before);
      expect(last()).toMatchObject({ kind: 'snapshot', items: ids.slice(0, 5).map((id) => ({ id })) });
    } finally {
      watch.unsubscribe();
    }
  });

  test('is as long as asked for, and whole, for a backend with the service', async () => {
    const { url, serviceRoleKey: key } = fixture.supabase;
    const service = createExecutionService(connectSupabase({ url, key }));
    for (const options of [{ limit: 200 }, { limit: 200, tags: ['vip'] }]) {
      const page = await service.listExecutionsByUser(anna.id, options);
      expect(page.map(({ id }) => id)).toEqual(ids.slice(0, 200));
      expect(page[LARGE - 1]?.metadata).toEqual({ n: LARGE, secret: 'of nobody', notes: 'note '.repeat(3_000) });
      expect(page[LARGE]?.metadata).toEqual({ n: LARGE + 1, secret: 'of nobody' });
    }
  });

  test('is whole in an export, and in what a search finds', async () => {
    const exported = await fetch(`${fixture.api.url}/export.ndjson`, {
      headers: { authorization: `Bearer ${anna.token}` },
    });
    const rows = (await exported.text())
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as ListedExecution);
    expect(rows.map(({ id }) => id)).toEqual(ids);
    for (const row of rows) hasItsMetadata(row);
    for (const { execution } of await anna.client.execution.search.query({ text: 'declined' }))
      hasItsMetadata(execution);
    const [found] = await anna.client.execution.search.query({ text: ids[0] as string });
    hasItsMetadata((found as { execution: ListedExecution }).execution);
  });
});

type WatchedEvent =
  RouterOutputs['execution']['watchExecutions'] extends AsyncIterable<infer Event>
    ? Event extends { data: infer Data }
      ? Data
      : never
    : never;
/** What was told as changes; what is there still is never told to be deleted. */
const told = (events: WatchedEvent[]) =>
  events
    .flatMap((event) => (event.kind === 'changes' ? event.changes : []))
    .map((change) => {
      if ('deletedId' in change) throw new Error(`${change.deletedId} was not deleted`);
      return change;
    });

/** Before the execution of that minute, and after the next one. */
const atMinute = (minute: number) => new Date(Date.now() - (minute + 0.5) * 60_000).toISOString();
