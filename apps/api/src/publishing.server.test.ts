import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ApiFixture, TestUser } from './fixtures/api-fixture.ts';
import { ORDER, signToken, startApiFixture } from './fixtures/api-fixture.ts';
import { refusalOf } from './fixtures/refusal.ts';

let fixture: ApiFixture;
let host: TestUser;
let anna: TestUser;
beforeAll(async () => {
  fixture = await startApiFixture({ limits: { workflowsPerUser: 5 } });
  [host, anna] = await Promise.all([fixture.signUp('host', { isOperator: true }), fixture.signUp('anna')]);
});
afterAll(() => fixture?.[Symbol.asyncDispose]());

const published = { ...ORDER, visibility: 'published' as const };

test('whoever is no operator publishes nothing, by no way, and may write private ones', async () => {
  const { id } = await anna.client.workflow.create.mutate(ORDER);
  for (const call of [
    () => anna.client.workflow.create.mutate(published),
    () => anna.client.workflow.update.mutate({ id, visibility: 'published' }),
  ])
    expect(await refusalOf(call())).toMatchObject({
      code: 'permission_denied',
      httpStatus: 403,
      message: expect.stringContaining('ask an operator'),
    });
  expect(await host.client.workflow.list.query()).toMatchObject({ items: [] });
  await anna.client.workflow.update.mutate({ id, archived: true });
});

test.each([
  ['what users may write themselves', { user_metadata: { runledger_role: 'operator' } }],
  ['another role', { app_metadata: { runledger_role: 'editor' } }],
  ['no metadata at all', { app_metadata: null, runledger_role: 'operator' }],
])('a token with %s makes no operator', async (_, claims) => {
  const token = await signToken(fixture.supabase, { sub: anna.id, ...claims });
  const call = fixture.api.clientWith(token).workflow.create.mutate(published);
  expect(await refusalOf(call)).toMatchObject({ code: 'permission_denied' });
});

describe('the list', () => {
  test('has one’s own first on every page, then what others publish, with who does', async () => {
    await fixture.supabase.database.query(
      `update auth.users set raw_user_meta_data = '{"name": "The host"}' where id = $1`,
      [host.id],
    );
    for (const name of ['!first', 'a', 'b']) await host.client.workflow.create.mutate({ ...published, name });
    for (const name of ['mine 1', 'mine 2', 'mine 3']) await anna.client.workflow.create.mutate({ ...ORDER, name });
    const read = async (limit: number) => {
      const items = [];
      for (let cursor: string | null = null; ; ) {
        const page = await anna.client.workflow.list.query({ limit, cursor });
        items.push(...page.items);
        cursor = page.nextCursor;
        if (cursor === null) return items;
      }
    };
    for (const limit of [1, 2, 3, 4, 100]) {
      const items = await read(limit);
      expect(items.map(({ name }) => name)).toEqual(['mine 1', 'mine 2', 'mine 3', '!first', 'a', 'b']);
      expect(items.map(({ publisher }) => publisher)).toEqual([
        ...[null, null, null],
        ...Array(3).fill({ userId: host.id, name: 'The host' }),
      ]);
    }
    const wrong = anna.client.workflow.list.query({ cursor: 'forged' });
    expect(await refusalOf(wrong)).toMatchObject({ code: 'invalid_cursor' });
  });

  test('ends a page where schemas have half a megabyte, and goes on after it: none is missing, none twice', async () => {
    const emil = await fixture.signUp('emil');
    await fixture.supabase.database.query(
      `insert into runledger.workflows (user_id, name, temporal_namespace, workflow_type, task_queue, input_schema)
         select $1, 'w' || lpad(n::text, 3, '0'), 'default', 'order', 'orders',
                case when n % 3 > 0 then jsonb_build_object('description', repeat('x', 30000)) end from generate_series(1, 120) n`,
      [emil.id],
    );
    const pages: { name: string }[][] = [];
    for (let cursor: string | null = null; ; ) {
      const page = await emil.client.workflow.list.query({ limit: 200, cursor });
      pages.push(page.items.filter(({ userId }) => userId === emil.id));
      expect(JSON.stringify(page).length).toBeLessThan(620_000);
      cursor = page.nextCursor;
      if (cursor === null) break;
    }
    const names = pages.flat().map(({ name }) => name);
    expect(names).toEqual(Array.from({ length: 120 }, (_, n) => `w${String(n + 1).padStart(3, '0')}`));
    expect(pages.length).toBeGreaterThan(2);
  });

  test('takes no more definitions of a user than the host allows, also at once', async () => {
    const ada = await fixture.signUp('ada');
    const attempts = Array.from({ length: 9 }, () => ada.client.workflow.create.mutate(ORDER).then(() => null, String));
    const refused = (await Promise.all(attempts)).filter((error) => error !== null);
    expect(refused).toHaveLength(4);
    expect(await refusalOf(ada.client.workflow.create.mutate(ORDER))).toMatchObject({
      code: 'quota_exceeded',
      httpStatus: 429,
      message: expect.stringContaining('at most 5 workflows'),
    });
  });
});

test('an execution is created by the id that the application has, of its own table of definitions', async () => {
  const { database } = fixture.supabase;
  await database.exec(`
    create table public.flows (id uuid primary key, owner uuid not null, title text);
    create table public.tasks (number serial primary key, owner uuid not null, title text)`);
  const constants = { type: { constant: ORDER.workflowType }, queue: { constant: ORDER.taskQueue } };
  const follow = (table: string, options: object) =>
    database.query('select runledger.follow_workflows($1, $2::jsonb)', [
      table,
      JSON.stringify({ ...constants, name: 'title', owner: 'owner', ...options }),
    ]);
  await follow('public.flows', {});
  const id = randomUUID();
  await database.query(`insert into public.flows values ($1, $2, 'Bake')`, [id, anna.id]);
  const created = await anna.client.execution.createExecution.mutate({ workflowId: id });
  expect(created).toMatchObject({ workflowId: id, workflow: { name: 'Bake' }, status: 'running' });

  await follow('public.tasks', { id: 'number' });
  await database.query(`insert into public.tasks (owner, title) values ($1, 'Sweep')`, [anna.id]);
  const byNumber = await anna.client.execution.createExecution.mutate({ workflowId: '1' });
  expect(byNumber).toMatchObject({ workflow: { name: 'Sweep' }, status: 'running' });
  expect(await anna.client.workflow.get.query({ id: '1' })).toMatchObject({ id: byNumber.workflowId, hostId: '1' });
  const theirs = host.client.execution.createExecution.mutate({ workflowId: '1' });
  expect(await refusalOf(theirs)).toMatchObject({ code: 'not_found' });
});
