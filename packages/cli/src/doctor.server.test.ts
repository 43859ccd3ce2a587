import { hostname } from 'node:os';
import { fileURLToPath } from 'node:url';
import { createRunWatch, createVisibility } from '@runledger/engine';
import type { LocalSupabase } from '@runledger/local-stack';
import { otherSchemaVersion, startTestSupabase } from '@runledger/local-stack';
import { createMonitorActivities, ensureMonitorWorkflow, monitorTaskQueue } from '@runledger/monitor';
import { msToTs } from '@temporalio/common/lib/time.js';
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Stack } from './fixtures/stack.ts';
import { startStack } from './fixtures/stack.ts';

let stack: Stack;
beforeAll(async () => {
  Runtime.install({ logger: new DefaultLogger('ERROR') });
  stack = await startStack({ searchAttributes: { CustomerId: 'Keyword' } });
});
afterAll(async () => {
  await stack?.[Symbol.asyncDispose]();
});

/** A worker with the monitor, as apps/worker hosts it, until it is disposed of. */
async function startMonitor() {
  const { connection, temporal, engine, ledger } = stack;
  const native = await NativeConnection.connect({ address: temporal.address });
  const stop = new AbortController();
  const deps = { ledger, engine, adoption: [], namespace: 'default', logger: pino({ level: 'silent' }) };
  const watch = createRunWatch(connection);
  const worker = await Worker.create({
    connection: native,
    taskQueue: monitorTaskQueue(),
    identity: `1@${hostname()}`,
    workflowsPath: fileURLToPath(import.meta.resolve('@runledger/monitor/workflows')),
    activities: createMonitorActivities(
      { ...deps, watch, visibility: createVisibility({ connection }) },
      { reconcilePeriodMs: 2_000, shutdown: stop.signal },
    ),
    maxConcurrentActivityTaskExecutions: 1,
  });
  const running = worker.run();
  await ensureMonitorWorkflow(connection, { namespace: 'default' });
  await expect.poll(() => ledger.getProof('default')).not.toBeNull();
  return {
    async [Symbol.asyncDispose]() {
      stop.abort();
      worker.shutdown();
      await running;
      await native.close();
    },
  };
}

/** The marks of the lines, by what they are about. */
function marks(stdout: string): Record<string, string> {
  const lines = [...stdout.matchAll(/^([✓✗!]) (\w+):/gm)];
  return Object.fromEntries(lines.map(([, mark, about]) => [about, mark]));
}

describe('runledger doctor', () => {
  test('says that no worker is there, and how to start one', async () => {
    const { code, stdout } = await stack.run('doctor');
    expect(code).toBe(1);
    expect(marks(stdout)).toEqual({
      Ledger: '✓',
      Temporal: '✓',
      Schema: '✓',
      Key: '✓',
      Clock: '✓',
      Versions: '✓',
      Rows: '✓',
      Time: '✓',
      Users: '✓',
      Queues: '!',
      Retention: '✓',
      Monitor: '✗',
      Workers: '✗',
      Proof: '✗',
      Adoption: '✓',
      Tokens: '!',
    });
    expect(stdout).toContain('Start a worker: node apps/worker/src/main.ts');
  });

  test('says what the installed parts are, and which queue of a workflow nobody works on', async () => {
    const { stdout } = await stack.run('doctor');
    expect(stdout).toMatch(/✓ Versions: runledger \d+\.\d+\.\d+, schema \d+, Postgres \d+\S*, Temporal \d+/);
    expect(stdout).toMatch(/! Queues: nobody polls orders, on which 1 workflow would be started\n {4}Start a worker/);
  });

  test('finds a table of users whose triggers are gone or disabled, and says how they come back', async () => {
    const { database } = stack.supabase;
    await database.exec('alter table auth.users disable trigger runledger_users_came');
    try {
      const { code, stdout } = await stack.run('doctor');
      const oneLine = stdout.replaceAll(/\s+/g, ' ');
      expect(code).toBe(1);
      expect(oneLine).toContain('✗ Users: auth.users has no runledger_users_came: who signs up');
      const [, repair = ''] = /(select runledger\.follow_users\([^)]*\))/.exec(oneLine) ?? [];
      await database.exec('drop trigger runledger_users_came on auth.users');
      await database.exec(repair);
    } finally {
      await database.exec('alter table auth.users enable trigger runledger_users_came');
    }
    expect((await stack.run('doctor')).stdout).toContain('✓ Users: auth.users is followed');
  });

  test('finds that nobody would notice who loses a role, and says how that comes back', async () => {
    const { database } = stack.supabase;
    await database.exec('drop trigger runledger_claims_changed on auth.users');
    const oneLine = (await stack.run('doctor')).stdout.replaceAll(/\s+/g, ' ');
    expect(oneLine).toContain('✗ Users: auth.users has no runledger_claims_changed: who signs up, changes or leaves');
    await database.exec(/(select runledger\.follow_users\([^)]*\))/.exec(oneLine)?.[1] ?? '');
    expect((await stack.run('doctor')).stdout).toContain('✓ Users: auth.users is followed');
  });

  test('finds statements that are cut short, and answers that are', async () => {
    const { database } = stack.supabase;
    await database.exec(`alter role service_role set statement_timeout = '3s'`);
    await stack.supabase.reloadSchema();
    try {
      const { stdout } = await stack.run('doctor');
      expect(stdout).toMatch(/! Time: a statement may take 3 s: .*\n(.*\n)?.*alter role service_role set/);
    } finally {
      await database.exec('alter role service_role reset statement_timeout');
      await stack.supabase.reloadSchema();
    }
    expect((await stack.run('doctor')).stdout).toContain('✓ Time: a statement may take 8 s');
  });

  test.each([
    [-1, 1, '✗ Schema: the schema in the database is older, version', '"npx runledger migrate" applies them'],
    [1, 0, 'the schema in the database is newer, version', 'Deploy the release that brought the schema.'],
  ])(
    'finds a schema that is %i newer than the release, and says what to do',
    async (newerBy, expected, says, advice) => {
      await using _ = await startMonitor();
      await using other = await otherSchemaVersion(stack.supabase.database, newerBy);
      const { code, stdout } = await stack.run('doctor');
      const oneLine = stdout.replaceAll(/\s+/g, ' ');
      expect([code, oneLine]).toEqual([expected, expect.stringContaining(`${says} ${other.version}: Runledger`)]);
      expect(oneLine).toContain(advice);
    },
  );

  test('finds an API that does not serve the schema, and one whose answers have few rows', async () => {
    const at = ({ url, serviceRoleKey }: LocalSupabase) => ({
      SUPABASE_URL: url,
      SUPABASE_SERVICE_ROLE_KEY: serviceRoleKey,
    });
    await using hidden = await startTestSupabase({ schemas: ['public'] });
    const { code, stdout } = await stack.run('doctor', at(hidden));
    expect([code, stdout]).toEqual([1, expect.stringContaining('Expose the schema "runledger" beside')]);
    await using short = await startTestSupabase({ maxRows: 100 });
    const warned = (await stack.run('doctor', at(short))).stdout.replaceAll(/\s+/g, ' ');
    expect(warned).toContain('! Rows: an answer of the API has at most 100 rows, and a page of a list up to 200');
  });

  test('finds nothing wrong where a worker holds the monitor, and names it', async () => {
    await using _ = await startMonitor();
    const { code, stdout } = await stack.run('doctor', {
      RUNLEDGER_ADOPTION: '[{"user":{"searchAttribute":"CustomerId"}}]',
    });
    expect([code, marks(stdout)]).toEqual([0, expect.not.objectContaining({ Monitor: '✗', Workers: '✗' })]);
    expect(stdout).not.toContain('✗');
    expect(stdout).toContain(`: 1@${hostname()}`);
    expect(stdout).toContain('1 rule, all search attributes exist');
  });

  test('finds a retention that is too short for the ledger to be sure', async () => {
    const { workflowService } = stack.connection;
    const namespace = 'short';
    const keepFor = async (hours: number) => {
      const workflowExecutionRetentionPeriod = msToTs(hours * 3_600_000);
      await workflowService.registerNamespace({ namespace: `${namespace}${hours}`, workflowExecutionRetentionPeriod });
      const found = () => stack.run(`doctor -n ${namespace}${hours}`);
      await expect.poll(async () => (await found()).code).toBe(1);
      return (await found()).stdout;
    };
    expect(await keepFor(1)).toMatch(/✗ Retention: Temporal keeps closed workflows for 1 h, and the ledger needs/);
    expect(await keepFor(6)).toMatch(/! Retention: Temporal keeps closed workflows for 6 h\n/);
  });

  test('tells a publishable key from the secret one', async () => {
    const { code, stdout } = await stack.run('doctor', { SUPABASE_SERVICE_ROLE_KEY: stack.supabase.anonKey });
    expect(code).not.toBe(0);
    expect(stdout).toMatch(/✗ (Key|Ledger): .*\n(.*\n)*?.*SUPABASE_SERVICE_ROLE_KEY to the secret/);
  });

  test('finds a search attribute that the namespace lacks, and says how to add it', async () => {
    const rules = JSON.stringify([{ user: { userId: 'anna' } }, { user: { searchAttribute: 'Nobody' } }]);
    const { stdout } = await stack.run('doctor', { RUNLEDGER_ADOPTION: rules });
    expect(stdout).toContain('✗ Adoption: rule 2 names the search attribute Nobody');
    expect(stdout).toContain('temporal operator search-attribute create --namespace default --name Nobody');
    const broken = await stack.run('doctor', { RUNLEDGER_ADOPTION: '[{"user":{}}]' });
    expect(broken.stdout).toContain('✗ Adoption: rule 1, user');
  });

  test('looks at each namespace of the environment, and says of which it speaks', async () => {
    const { code, stdout } = await stack.run('doctor', { TEMPORAL_NAMESPACE: 'default,nowhere' });
    expect(code).toBe(3);
    for (const line of ['✓ Temporal (default): ', '✗ Temporal (nowhere): ', '✓ Retention (default): ', '✓ Ledger: '])
      expect(stdout).toContain(line);
    expect(stdout).not.toContain('Monitor (nowhere)');
    const typo = await stack.run('doctor', { TEMPORAL_TLS_CRET: '/client.pem' });
    expect([typo.code, typo.stderr]).toEqual([
      2,
      expect.stringContaining('TEMPORAL_TLS_CRET: is set, and nothing reads'),
    ]);
  });

  test('says which of the two cannot be reached', async () => {
    const temporal = await stack.runAsProcess('doctor', { TEMPORAL_ADDRESS: '127.0.0.1:1' });
    expect([temporal.code, marks(temporal.stdout)]).toEqual([
      3,
      expect.objectContaining({ Ledger: '✓', Temporal: '✗' }),
    ]);
    const ledger = await stack.run('doctor', { SUPABASE_URL: 'http://127.0.0.1:1' });
    expect([ledger.code, marks(ledger.stdout)]).toEqual([3, expect.objectContaining({ Ledger: '✗', Temporal: '✓' })]);
    const namespace = await stack.run('doctor --namespace nowhere --json');
    expect(namespace.code).toBe(3);
    expect(JSON.parse(namespace.stdout).checks).toContainEqual(
      expect.objectContaining({
        about: 'Temporal',
        level: 'wrong',
        advice: expect.stringContaining('TEMPORAL_NAMESPACE'),
      }),
    );
  });
});
