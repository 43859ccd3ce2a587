import type { WorkflowSync } from '@runledger/contracts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readCurrentAccess } from './current-access.ts';
import type { LedgerApi } from './fixtures/open-ledger-api.ts';
import { openLedgerApi } from './fixtures/open-ledger-api.ts';

let api: LedgerApi;
beforeAll(async () => {
  api = await openLedgerApi('pglite');
});
afterAll(() => api?.close());

const create = (userId: string) => api.service.createExecution({ workflowId: api.workflow.id, userId });

test('who a token is, the database says; the service role’s key is nobody', async () => {
  expect(await readCurrentAccess(api.ada.supabase)).toEqual({
    ...{ userId: api.ada.id, ended: null, changed: [] },
    account: expect.objectContaining({ sub: api.ada.id, app_metadata: expect.any(Object) }),
  });
  expect(await readCurrentAccess(api.admin)).toEqual({ userId: null, ended: null, account: null, changed: [] });
});

test('users are brought from the source where no trigger did it', async () => {
  const id = '00000000-0000-4000-8000-0000000000aa';
  await api.supabase.database.exec(
    `set session_replication_role = replica; insert into auth.users (id) values ('${id}'); reset session_replication_role`,
  );
  expect(await api.ledger.describeUser(id)).toBeNull();
  expect(await api.ledger.syncUsers(1_000)).toEqual({
    source: 'auth.users',
    isMissing: false,
    problem: null,
    added: 1,
    left: 0,
    done: true,
  });
  expect(await api.ledger.describeUser(id)).toMatchObject({ user: id, leftAt: null, executions: 0 });
});

test('a user is forgotten in batches, with what others ran of their workflows', async () => {
  const { id } = await api.supabase.createUser({ email: 'gone@example.com', password: 'a long enough password' });
  const own = { name: 'Gone', workflowType: 'order', taskQueue: 'demo' };
  const workflow = await api.workflows.createWorkflow(id, own);
  for (let n = 0; n < 3; n += 1) await create(id);
  await api.service.createExecution({ workflowId: workflow.id, userId: api.bob.id });
  expect(await api.ledger.describeUser(id)).toEqual({
    ...{ user: id, leftAt: null, executions: 3, open: 3, others: 1, workflows: 1, pruned: 0 },
  });
  const batches = [];
  do batches.push(await api.ledger.forgetUser(id, 2));
  while (!batches.at(-1)?.done && batches.length < 9);
  expect(batches.map(({ executions, others }) => [executions, others])).toEqual([
    [2, 0],
    [2, 1],
    [0, 0],
  ]);
  await expect(api.ledger.forgetUser(id, 2)).rejects.toMatchObject({ code: 'not_found' });
  expect(await api.ledger.settleUsers(10)).toMatchObject({ user: null, rows: 0, done: true });
});

test('definitions follow a table of the application, and its ids are taken', async () => {
  const { database } = api.supabase;
  expect(await api.ledger.syncWorkflows(10)).toMatchObject({ source: null, isMissing: false, done: true });
  await database.exec(`create table public.graphs (id integer primary key, name text, owner text);
    insert into public.graphs select n, 'Graph ' || n, '${api.ada.id}' from generate_series(1, 5) n;
    select runledger.follow_workflows('public.graphs',
      '{"owner": "owner", "type": {"constant": "order"}, "queue": {"constant": "demo"}}')`);
  await database.exec(`set session_replication_role = replica; update public.graphs set name = 'Renamed' where id = 2;
    delete from public.graphs where id = 5; reset session_replication_role`);
  const turns: WorkflowSync[] = [];
  do turns.push(await api.ledger.syncWorkflows(3));
  while (!turns.at(-1)?.done && turns.length < 9);
  const sum = (of: 'changed' | 'archived') => turns.reduce((total, turn) => total + turn[of], 0);
  expect([sum('changed'), sum('archived')]).toEqual([1, 1]);
  expect(await api.workflows.getWorkflow('2', api.ada.id)).toMatchObject({ name: 'Renamed', hostId: '2' });
  const created = await api.service.createExecution({ workflowId: '3', userId: api.ada.id });
  expect(await api.service.getExecutionById(created.id)).toMatchObject({ workflow: { name: 'Graph 3' } });
});

test('a page of workflows has the user’s own first; a cursor that is none is refused', async () => {
  const first = await api.workflows.listWorkflows(api.bob.id, { limit: 1 });
  expect(first.items).toMatchObject([{ name: 'Order', publisher: { userId: api.ada.id } }]);
  await api.workflows.createWorkflow(api.bob.id, { name: 'Zebra', workflowType: 'order', taskQueue: 'demo' });
  const own = await api.workflows.listWorkflows(api.bob.id, { limit: 1 });
  expect(own.items).toMatchObject([{ name: 'Zebra' }]);
  const next = await api.workflows.listWorkflows(api.bob.id, { limit: 1, cursor: own.nextCursor });
  expect(next.items).toMatchObject([{ name: 'Order' }]);
  await expect(api.workflows.listWorkflows(api.bob.id, { cursor: 'nonsense' })).rejects.toMatchObject({
    code: 'invalid_cursor',
  });
});
