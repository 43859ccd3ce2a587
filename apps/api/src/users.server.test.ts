import { randomUUID } from 'node:crypto';
import { databaseKinds } from '@runledger/local-stack';
import { SignJWT } from 'jose';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { ApiFixture } from './fixtures/api-fixture.ts';
import { ORDER, startApiFixture } from './fixtures/api-fixture.ts';

describe.each(databaseKinds)('who a token is, through the API on %s', (kind) => {
  let fixture: ApiFixture;
  let ruleBefore: string;
  beforeAll(async () => {
    fixture = await startApiFixture({ kind });
    const [row] = await fixture.supabase.database.query<{ rule: string }>(
      `select pg_get_functiondef('runledger_private.current_user_id()'::regprocedure) as rule`,
    );
    ruleBefore = row?.rule as string;
  });
  afterAll(() => fixture?.[Symbol.asyncDispose]());
  afterEach(() => fixture.supabase.database.exec(ruleBefore));

  /** A token of the project, as a third party or a hook of the host makes one. */
  const tokenOf = (claims: Record<string, unknown>) =>
    new SignJWT({ aud: 'authenticated', role: 'authenticated', jti: randomUUID(), ...claims })
      .setProtectedHeader({ alg: 'HS256' })
      .setExpirationTime('1h')
      .sign(new TextEncoder().encode(fixture.supabase.jwtSecret));

  const addUser = (id: string, account: string | null = null) =>
    fixture.supabase.database.query('insert into runledger.users (id, auth_user_id) values ($1, $2)', [id, account]);

  /** Defines, runs, lists, counts and cancels as this token, and expects everything to be this user's. */
  async function everythingIsOf(userId: string, token: string) {
    const client = fixture.api.clientWith(token);
    const workflow = await client.workflow.create.mutate(ORDER);
    const { id } = await client.execution.createExecution.mutate({ workflowId: workflow.id });
    expect(await client.execution.getExecution.query({ id })).toMatchObject({ id, createdBy: userId });
    expect((await client.execution.listExecutions.query({})).items).toMatchObject([{ id }]);
    expect(await client.execution.getStats.query({ workflowId: workflow.id })).toMatchObject({ total: 1 });
    expect(await client.execution.countExecutions.query({})).toMatchObject({ count: 1 });
    await client.execution.cancelExecution.mutate({ id });
    expect(
      await fixture.supabase.database.query(
        `select distinct created_by from runledger.workflow_executions where id = $1`,
        [id],
      ),
    ).toEqual([{ created_by: userId }]);
    return { client, id, workflowId: workflow.id };
  }

  test.each(['auth0|123', 'user_2xYz', 'did:privy:abc', '名前', "o'brien; --", 'not-a-uuid-0000-0000'])(
    'a subject like %s is a user as it stands',
    async (subject) => {
      await addUser(subject);
      await everythingIsOf(subject, await tokenOf({ sub: subject }));
    },
  );

  test('an account that is mapped is the user whom the host made of it', async () => {
    const account = randomUUID();
    const userId = `customer-${account}`;
    await addUser(userId, account);
    await everythingIsOf(userId, await tokenOf({ sub: account }));
  });

  test('an account that signed up with Supabase Auth is itself', async () => {
    const user = await fixture.signUp(`somebody-${kind}`);
    await everythingIsOf(user.id, user.token);
  });

  test('a replaced function that reads another claim decides alone, for the API as for the rows', async () => {
    await fixture.supabase.database.exec(`create or replace function runledger_private.current_user_id() returns text
      language sql stable set search_path = '' as $$ select auth.jwt() -> 'app_metadata' ->> 'customer' $$`);
    const customer = `customer-${randomUUID()}`;
    await addUser(customer);
    const token = await tokenOf({ sub: randomUUID(), app_metadata: { customer } });
    await everythingIsOf(customer, token);
    const nobody = fixture.api.clientWith(await tokenOf({ sub: customer }));
    await expect(nobody.execution.listExecutions.query({})).rejects.toMatchObject({
      data: { executionCode: 'unauthenticated' },
    });
  });

  test('a role of the host’s own reads its rows where it may do what authenticated may', async () => {
    await fixture.supabase.database.exec(`do $$ begin create role customer nologin; exception when duplicate_object then null; end $$;
      grant authenticated to customer; grant customer to authenticator`);
    const subject = `customer|${randomUUID()}`;
    await addUser(subject);
    await everythingIsOf(subject, await tokenOf({ sub: subject, role: 'customer' }));
  });

  test('somebody the ledger does not know starts nothing, and is told so', async () => {
    const client = fixture.api.clientWith(await tokenOf({ sub: 'auth0|unknown' }));
    expect((await client.execution.listExecutions.query({})).items).toEqual([]);
    await expect(client.workflow.create.mutate(ORDER)).rejects.toMatchObject({
      data: { executionCode: 'unknown_user' },
    });
  });

  test('whose account is deleted reads and starts nothing any more, also with a token that is good for an hour', async () => {
    const user = await fixture.signUp(`leaver-${kind}`);
    const { client, id, workflowId } = await everythingIsOf(user.id, user.token);
    await fixture.supabase.database.query('delete from auth.users where id = $1', [user.id]);
    // The API has this token's user in memory, and the rows are still there.
    expect((await client.execution.listExecutions.query({})).items).toEqual([]);
    await expect(client.execution.getExecution.query({ id })).rejects.toMatchObject({
      data: { executionCode: 'not_found' },
    });
    expect(await client.execution.search.query({ text: id })).toEqual([]);
    expect(await client.execution.recentRuns.query({ workflowIds: [workflowId] })).toEqual({ [workflowId]: [] });
    await expect(client.execution.createExecution.mutate({ workflowId })).rejects.toMatchObject({
      data: { executionCode: 'unknown_user' },
    });
    const again = fixture.api.clientWith(await tokenOf({ sub: user.id }));
    await expect(again.execution.listExecutions.query({})).rejects.toMatchObject({
      data: { executionCode: 'unauthenticated' },
    });
  });
});
