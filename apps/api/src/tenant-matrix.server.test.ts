/** What anybody can see of Anna and do to her: every procedure, with everything that is hers, by everybody who is not. */
import { generateKeyPairSync } from 'node:crypto';
import type { KeyScope } from '@runledger/contracts';
import { SignJWT, UnsecuredJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ApiFixture, TestUser } from './fixtures/api-fixture.ts';
import { ORDER, signToken, startApiFixture } from './fixtures/api-fixture.ts';
import type { Procedure } from './fixtures/procedures.ts';
import { callProcedure, procedures } from './fixtures/procedures.ts';

interface Annas {
  privateId: string;
  publishedId: string;
  executionIds: string[];
  viewId: string;
  keyId: string;
  cursor: string;
  runIds: string[];
  /** Nobody else may read any of these. */
  secrets: string[];
}

const KEY = 'anna-idempotency-key';
const SECRET = 'anna-secret';

/** What a procedure needs to be called at all. A procedure that is missing here fails. */
const day = { from: '2026-01-01T00:00:00Z', to: '2027-01-01T00:00:00Z' };
const needed: Record<string, () => Record<string, unknown> | undefined> = {
  'execution.createExecution': () => ({ workflowId: annas.privateId }),
  'execution.getExecution': () => ({ id: annas.executionIds[0] }),
  'execution.getStory': () => ({ id: annas.executionIds[0] }),
  'execution.decodePayloads': () => ({ id: annas.executionIds[0] }),
  'execution.getUserNames': () => ({ ids: [ben.id] }),
  'execution.explainExecution': () => ({ id: annas.executionIds[0] }),
  'execution.getFailureGroups': () => ({}),
  'execution.getFailureUsers': () => ({ workflowId: annas.privateId, failureGroup: '0'.repeat(16) }),
  'execution.recentRuns': () => ({ workflowIds: [annas.privateId] }),
  'execution.countByHealth': () => ({}),
  'execution.compareExecutions': () => ({ id: annas.executionIds[0] }),
  'execution.search': () => ({ text: SECRET }),
  'execution.getHealth': () => ({ id: annas.executionIds[0] }),
  'execution.getTimeline': () => ({ id: annas.executionIds[0] }),
  'execution.listExecutions': () => ({}),
  'execution.listWorkflowExecutions': () => ({ workflowId: annas.privateId }),
  'execution.countExecutions': () => ({}),
  'execution.countWorkflowExecutions': () => ({ workflowId: annas.privateId }),
  'execution.getStats': () => ({}),
  'execution.getWorkflowStatistics': () => ({ workflowId: annas.privateId }),
  'execution.getTimeSeries': () => day,
  'execution.getTopWorkflows': () => ({}),
  'execution.getTopFailures': () => ({}),
  'execution.getWorkflowCounters': () => ({}),
  'execution.getRunCount': () => ({}),
  'execution.watchExecution': () => ({ id: annas.executionIds[0] }),
  'execution.watchExecutions': () => ({}),
  'execution.watchStats': () => ({}),
  'execution.getQuotas': () => ({}),
  'execution.cancelExecution': () => ({ id: annas.executionIds[0] }),
  'execution.terminateExecution': () => ({ id: annas.executionIds[0], reason: 'mine' }),
  'execution.endExecution': () => ({ id: annas.executionIds[0], as: 'failed', reason: 'mine' }),
  'execution.trackExecution': () => ({ workflowId: annas.privateId, temporalWorkflowId: annas.executionIds[0] }),
  'execution.signalExecution': () => ({ id: annas.executionIds[0], name: 'approve' }),
  'execution.resetExecution': () => ({ id: annas.executionIds[0], reason: 'mine' }),
  'execution.rerunExecution': () => ({ id: annas.executionIds[0] }),
  'execution.deleteExecution': () => ({ id: annas.executionIds[0] }),
  'execution.reportProgress': () => ({ id: annas.executionIds[0], percent: 100 }),
  'execution.getProgress': () => ({ id: annas.executionIds[0] }),
  'execution.getRequests': () => ({ id: annas.executionIds[0] }),
  'execution.cancelExecutions': () => ({ ids: annas.executionIds }),
  'execution.terminateExecutions': () => ({ ids: annas.executionIds, reason: 'mine' }),
  'execution.signalExecutions': () => ({ ids: annas.executionIds, name: 'approve' }),
  'execution.resetExecutions': () => ({ ids: annas.executionIds, reason: 'mine' }),
  'execution.endExecutions': () => ({ ids: annas.executionIds, as: 'failed', reason: 'mine' }),
  'execution.createExecutions': () => ({ executions: annas.executionIds.map(() => ({ workflowId: annas.privateId })) }),
  'execution.rerunExecutions': () => ({ ids: annas.executionIds }),
  'execution.deleteExecutions': () => ({ ids: annas.executionIds }),
  'execution.listViews': () => undefined,
  'execution.getView': () => ({ id: annas.viewId }),
  'execution.saveView': () => ({ name: 'mine' }),
  'execution.deleteView': () => ({ id: annas.viewId }),
  'key.create': () => ({ name: 'mine', scopes: ['read'] }),
  'key.list': () => ({}),
  'key.revoke': () => ({ id: annas.keyId }),
  'workflow.list': () => ({}),
  'workflow.get': () => ({ id: annas.privateId }),
  'workflow.create': () => ORDER,
  'workflow.update': () => ({ id: annas.privateId, name: 'mine' }),
  'system.health': () => undefined,
  'system.getProof': () => ({}),
  'system.getNamespaces': () => undefined,
};

/** Fields that name something of somebody's, with all that is Anna's. */
const hers: Record<string, (path: string) => unknown[]> = {
  id: (path) =>
    path.startsWith('key.')
      ? [annas.keyId]
      : path.endsWith('View')
        ? [annas.viewId]
        : path.startsWith('workflow.')
          ? [annas.privateId, annas.publishedId]
          : annas.executionIds,
  workflowId: () => [annas.privateId, annas.publishedId],
  temporalWorkflowId: () => annas.executionIds,
  runId: () => annas.runIds,
  userId: () => [anna.id],
  userIds: () => [[anna.id]],
  with: () => annas.executionIds,
  ids: () => [annas.executionIds],
  workflowIds: () => [[annas.privateId, annas.publishedId]],
  filter: () => [`userId=${anna.id}`, `tag=${SECRET}&not=completed`, { tags: [SECRET] }, { ids: annas.executionIds }],
  not: () => [{ tags: ['none'] }],
  cursor: () => [annas.cursor],
  idempotencyKey: () => [KEY],
  tags: () => [[SECRET]],
  allTags: () => [[SECRET]],
  text: () => [SECRET],
  verdict: () => [SECRET],
  of: () => ['everyone'],
  namespace: () => ['default', 'nowhere'],
  temporalNamespace: () => ['nowhere', 'somebody-elses'],
  visibility: () => ['published'],
  failureGroup: () => ['0'.repeat(16)],
};

/** Fields that name nothing of anybody's. A field that is in neither list fails. */
const harmless = [
  ...[
    'status',
    'health',
    'engine',
    'from',
    'to',
    'endedFrom',
    'endedTo',
    'minDurationMs',
    'maxDurationMs',
    'minRuns',
    'maxRuns',
    'authority',
    'origin',
    'limit',
    'step',
    'by',
  ],
  ...['orderBy', 'orderDirection', 'withPrevious', 'timeZone', 'reason', 'as', 'name', 'description', 'workflowType'],
  ...[
    'taskQueue',
    'lastEventId',
    'inputSchema',
    'executionTimeout',
    'runTimeout',
    'retryPolicy',
    'archived',
    'input',
    'metadata',
    'requestId',
    'startDelay',
    'steps',
    'percent',
    'message',
    'executions',
    'payloads',
    'last',
    'columns',
    'isShared',
    'scopes',
    'expiresAt',
    'redact',
  ],
];

const all = procedures();
let fixture: ApiFixture;
let anna: TestUser;
let ben: TestUser;
let annas: Annas;

beforeAll(async () => {
  // A codec server that knows nothing: operators get what the ledger has.
  fixture = await startApiFixture({ decoder: { decode: async () => null } });
  [anna, ben] = await Promise.all([fixture.signUp('anna', { isOperator: true }), fixture.signUp('ben')]);
  const own = { ...ORDER, name: `${SECRET} order` };
  const { id: privateId } = await anna.client.workflow.create.mutate(own);
  const { id: publishedId } = await anna.client.workflow.create.mutate({ ...ORDER, visibility: 'published' });
  const start = (workflowId: string, more: object = {}) =>
    anna.client.execution.createExecution.mutate({
      ...{ workflowId, input: { note: SECRET }, tags: [SECRET], metadata: { note: SECRET }, ...more },
    });
  const executions = [
    await start(privateId),
    await start(publishedId, { idempotencyKey: KEY }),
    await start(privateId),
  ];
  const { nextCursor } = await anna.client.execution.listExecutions.query({ limit: 1 });
  const executionIds = executions.map(({ id }) => id);
  const runs = executions.flatMap(({ temporalRunId }) => temporalRunId ?? []);
  const { id: viewId } = await anna.client.execution.saveView.mutate({
    name: `${SECRET} view`,
    filter: `tag=${SECRET}`,
  });
  const { id: keyId, key } = await anna.client.key.create.mutate({ name: `${SECRET} key`, scopes: ['read', 'start'] });
  annas = {
    privateId,
    publishedId,
    executionIds,
    viewId,
    keyId,
    runIds: runs,
    cursor: nextCursor as string,
    secrets: [],
  };
  annas.secrets = [SECRET, anna.id, privateId, KEY, viewId, keyId, key, ...executionIds, ...runs];
  await fixture.supabase.database.query(
    `insert into runledger.execution_quotas (user_id, workflow_id, executions_per_hour) values ($1, null, 97), (null, $2, 97)`,
    [anna.id, privateId],
  );
});
afterAll(() => fixture?.[Symbol.asyncDispose]());

test('every procedure and every field of one is in the tables above', () => {
  expect(Object.keys(needed).sort()).toEqual(all.map(({ path }) => path).sort());
  const fields = new Set(all.flatMap(({ input }) => Object.keys(input?.properties ?? {})));
  expect([...fields].filter((field) => !(field in hers) && !harmless.includes(field))).toEqual([]);
});

/** What a procedure is called with: as it needs, and with everything of Anna's in each field that may name it. */
function inputsOf({ path, input }: Procedure): (Record<string, unknown> | undefined)[] {
  const usual = needed[path]?.();
  const fields = Object.keys(input?.properties ?? {}).filter((field) => field in hers);
  const named = fields.flatMap((field) => hers[field]?.(path).map((value) => ({ ...usual, [field]: value })) ?? []);
  const everyone = fields.includes('of') ? named.map((given) => ({ ...given, of: 'everyone' })) : [];
  return [usual, ...named, ...everyone];
}

/** Every row of every table that has anything of Anna's in it, whole. */
async function annasRows(): Promise<object[]> {
  const { database } = fixture.supabase;
  const tables = await database.query<{ name: string }>(
    `select relname as name from pg_class where relnamespace = 'runledger'::regnamespace and relkind = 'r' order by 1`,
  );
  const parts = tables.map(
    ({ name }) => `select '${name}' as name, t::text as row from runledger.${name} t where t::text like any ($1)`,
  );
  const marks = [anna.id, annas.privateId, ...annas.executionIds].map((id) => `%${id}%`);
  return database.query(`${parts.join(' union all ')} order by 1, 2`, [marks]);
}

const tokens: Record<string, () => Promise<string | null>> = {
  'without a token': async () => null,
  'with the anon key': async () => fixture.supabase.anonKey,
  'with the service role’s key': async () => fixture.supabase.serviceRoleKey,
  'with Anna’s token, expired': () => forge({ exp: Math.floor(Date.now() / 1_000) - 60 }),
  'with Anna’s token for another audience': () => forge({ aud: 'billing' }),
  'with Anna’s token by the role of the backend': () => forge({ role: 'service_role' }),
  'with Anna’s token by the role of nobody': () => forge({ role: 'anon' }),
  'with Anna’s token by a role that does not exist': () => forge({ role: 'made_up' }),
  'with Anna’s token of another secret': () => forge({}, 'another secret of at least thirty-two characters'),
  'with a key of Anna’s that was revoked': async () => {
    const { id, key } = await anna.client.key.create.mutate({ name: 'revoked', scopes: ['read', 'start'] });
    await anna.client.key.revoke.mutate({ id });
    return noted(key);
  },
  'with a key of Anna’s that has expired': async () => {
    const { id, key } = await anna.client.key.create.mutate({ name: 'expired', scopes: ['read', 'start'] });
    const expire = `update runledger.machine_keys set expires_at = now() - interval '1 minute' where id = $1`;
    await fixture.supabase.database.query(expire, [id]);
    return noted(key);
  },
  'with Anna’s token that nobody signed': async () =>
    new UnsecuredJWT({ sub: anna.id, aud: 'authenticated', role: 'authenticated' }).setExpirationTime('1h').encode(),
  'with Anna’s token of an issuer of one’s own': () =>
    new SignJWT({ sub: anna.id, aud: 'authenticated', role: 'authenticated', iss: 'https://evil.example.com/' })
      .setProtectedHeader({ alg: 'HS256' })
      .setExpirationTime('1h')
      .sign(new TextEncoder().encode('a secret of one’s own, of at least thirty-two characters')),
  'with Anna’s token signed with HS256 and a public key': () => {
    const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 });
    return forge({}, publicKey.export({ format: 'pem', type: 'spki' }).toString());
  },
};

/** That somebody tried a key is noted, to the hour. */
async function noted(key: string): Promise<string> {
  await fixture.api
    .clientWith(key)
    .execution.getRunCount.query()
    .catch(() => null);
  return key;
}

function forge(claims: object, secret = fixture.supabase.jwtSecret): Promise<string> {
  const whole = { sub: anna.id, aud: 'authenticated', role: 'authenticated', exp: 9_999_999_999, ...claims };
  return new SignJWT(whole).setProtectedHeader({ alg: 'HS256', typ: 'JWT' }).sign(new TextEncoder().encode(secret));
}

const bearer = (token: string | null): Record<string, string> =>
  token === null ? {} : { authorization: `Bearer ${token}` };

describe.each(Object.entries(tokens))('%s', (_, make) => {
  test('no procedure answers but that of health, whatever it is called with', async () => {
    const headers = bearer(await make());
    const before = await annasRows();
    for (const procedure of all.filter(({ path }) => path !== 'system.health'))
      for (const input of inputsOf(procedure)) {
        const json = input && JSON.stringify(input);
        const answer = await callProcedure(fixture.api.fetch, procedure, { json, headers });
        expect([procedure.path, input, answer.status, answer.code]).toEqual([
          procedure.path,
          input,
          401,
          'unauthenticated',
        ]);
        expect(saidBesides(answer.text, json)).toEqual([]);
      }
    expect(await annasRows()).toEqual(before);
  });
});

/** What is Anna's in an answer to somebody who did not send it. */
function saidBesides(text: string, sent = ''): string[] {
  return annas.secrets.filter((secret) => text.includes(secret) && !sent.includes(secret));
}

/** What operators are shown of everybody; they change nothing of it. */
const isShownToOperators = (path: string, { of, userId, workflowId }: Record<string, unknown> = {}) =>
  of === 'everyone' ||
  path === 'system.getNamespaces' ||
  // What is tracked already is answered as it is, where the user who is named may use the workflow.
  (path === 'execution.trackExecution' && (userId === anna.id || workflowId === annas.publishedId)) ||
  /\.(get(Execution|Story|Health|Timeline|Progress|Requests|FailureUsers)|explainExecution|compareExecutions|decodePayloads|watchExecution)$/.test(
    path,
  );

/** Ben has saved views by words of Anna’s that he sent himself; those that she saved have ids. */
const isBens = (path: string, secret: string) => path === 'execution.listViews' && secret !== annas.viewId;

/** Who owns a published workflow is told with it. */
const tellsOwners = (path: string) => path.startsWith('workflow.');

const OPERATOR = 'Ben as an operator of the host';
const signedIn: Record<string, () => Promise<string>> = {
  'Ben, who is signed in': async () => ben.token,
  [OPERATOR]: () => signToken(fixture.supabase, { sub: ben.id, app_metadata: { runledger_role: 'operator' } }),
  'Ben, who says in what he may write himself that he is an operator': () =>
    signToken(fixture.supabase, { sub: ben.id, user_metadata: { runledger_role: 'operator' } }),
  'Ben, who has no account': () => signToken(fixture.supabase, { sub: ben.id, is_anonymous: true }),
  'a program of Ben’s that reads': () => keyOfBens('read'),
  'a program of Ben’s that starts': () => keyOfBens('start'),
  'a program that reports, made by Ben as an operator': () => keyOfBens('report'),
};

async function keyOfBens(scope: KeyScope): Promise<string> {
  const operator = fixture.api.clientWith(await (signedIn[OPERATOR] as () => Promise<string>)());
  const found = bensKeys.get(scope) ?? operator.key.create.mutate({ name: `Ben’s to ${scope}`, scopes: [scope] });
  bensKeys.set(scope, found);
  return (await found).key;
}
const bensKeys = new Map<KeyScope, Promise<{ key: string }>>();

/** Whoever has no account, and a program, is refused more, and with what each lacks. */
const isRefusedMore = (who: string, code: string | null) =>
  code === 'permission_denied' && /^a program|no account/.test(who);

describe.each(Object.entries(signedIn))('%s', (who, make) => {
  // Operators revoke any key.
  const called = all.filter(({ path }) => who !== OPERATOR || path !== 'key.revoke');
  test.each(called.map((procedure) => [procedure.path, procedure] as const))(
    '%s shows nothing of Anna’s but to operators, and changes none of it',
    async (path, procedure) => {
      const before = await annasRows();
      const headers = bearer(await make());
      for (const input of inputsOf(procedure)) {
        const json = input && JSON.stringify(input);
        const { status, code, text } = await callProcedure(fixture.api.fetch, procedure, { json, headers });
        if (who === OPERATOR && isShownToOperators(path, input)) {
          expect([input, code]).toEqual([input, input?.cursor === undefined ? null : 'invalid_cursor']);
          continue;
        }
        const said = saidBesides(text, json).filter(
          (secret) => !(tellsOwners(path) && secret === anna.id) && !isBens(path, secret),
        );
        expect([input, said]).toEqual([input, []]);
        if (isRefusedMore(who, code)) continue;
        expect([input, status, code]).toEqual([input, ...expectedOf(path, input)]);
        if (isOfSeveral(path)) expect(answersIn(text)).toEqual(annas.executionIds.map(() => 'not_found'));
      }
      expect(await annasRows()).toEqual(before);
    },
  );
});

/** Answers for each of the executions that it is called with. */
const isOfSeveral = (path: string) =>
  /^execution\.(create|cancel|terminate|signal|reset|end|rerun|delete)Executions$/.test(path);
const answersIn = (text: string) =>
  (JSON.parse(text) as { result: { data: { code?: string }[] } }).result.data.map(({ code }) => code);

/** Matches the status and the code of an answer to Ben. */
function expectedOf(path: string, input: Record<string, unknown> = {}): unknown[] {
  const answered = [200, null];
  const oneOf = (...codes: string[]) => [expect.any(Number), expect.stringMatching(`^(${codes.join('|')})$`)];
  if (input.cursor !== undefined) return oneOf('invalid_cursor', 'not_found', 'invalid_input', 'permission_denied');
  if (path.startsWith('execution.') && 'id' in input) return oneOf('not_found');
  if (path === 'execution.trackExecution') return oneOf('not_found', 'permission_denied');
  // Whatever Ben saves is his own.
  if (path === 'execution.saveView' && !('id' in input))
    return [expect.any(Number), expect.toSatisfy((code) => [null, 'invalid_input'].includes(code))];
  if (path === 'key.revoke') return oneOf('not_found');
  if (path === 'system.getNamespaces') return oneOf('permission_denied');
  if (path === 'workflow.update') return oneOf('not_found', 'permission_denied');
  if (input.id === annas.privateId) return oneOf('not_found');
  if (path === 'workflow.create')
    return [
      expect.any(Number),
      expect.toSatisfy((code) => [null, 'not_startable', 'permission_denied'].includes(code)),
    ];
  if (input.of === 'everyone' && path !== 'execution.getWorkflowCounters')
    return oneOf('not_found', 'permission_denied');
  if (/get(UserNames|FailureUsers)$/.test(path) && 'workflowId' in input)
    return oneOf('not_found', 'permission_denied');
  if (/WorkflowExecutions$/.test(path)) return oneOf('not_found', 'permission_denied');
  const isRefused = ['createExecution', 'getWorkflowStatistics', 'getQuotas'].some((name) => path.endsWith(name));
  return isRefused && input.workflowId === annas.privateId ? oneOf('not_found') : answered;
}
