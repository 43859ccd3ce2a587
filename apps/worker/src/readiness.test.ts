import { ExecutionError } from '@runledger/contracts';
import { expect, test } from 'vitest';
import type { MonitorRole } from './monitor-role.ts';
import { createMonitorRole } from './monitor-role.ts';
import { checkReadiness } from './readiness.ts';

const answers = { ping: async () => undefined };
const fails = (error: unknown) => ({
  ping: async () => {
    throw error;
  },
});

type Options = Parameters<typeof checkReadiness>[0];

function options({
  engine = answers,
  role = createMonitorRole(),
  ...more
}: Partial<Options> & Partial<Options['namespaces'][number]['connections']> & { role?: MonitorRole } = {}): Options {
  return {
    namespaces: [{ namespace: 'default', connections: { engine }, role }],
    ledger: answers,
    shutdown: new AbortController().signal,
    ...more,
  };
}

test('a worker that stands by is ready, and says that it stands by', async () => {
  expect(await checkReadiness(options())).toEqual({
    status: 'ready',
    temporal: 'ok',
    ledger: 'ok',
    monitor: 'standby',
  });
});

test('the holder says so, also while a stale attempt of its own ends late', async () => {
  const role = createMonitorRole();
  const [stale, next] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const attempts = [role.during(() => stale.promise), role.during(() => next.promise)];
  expect((await checkReadiness(options({ role }))).monitor).toBe('active');
  stale.resolve();
  await attempts[0];
  expect((await checkReadiness(options({ role }))).monitor).toBe('active');
  next.reject(new Error('cancelled'));
  await expect(attempts[1]).rejects.toThrow('cancelled');
  expect((await checkReadiness(options({ role }))).monitor).toBe('standby');
});

test('an outage and an old schema make it not ready, and only the kind is told', async () => {
  const ledger = fails(new ExecutionError('schema_outdated', 'secret-project.supabase.co has version 1'));
  expect(await checkReadiness(options({ ledger, engine: fails(new Error('10.0.0.7 refused')) }))).toEqual({
    status: 'not_ready',
    temporal: 'internal',
    ledger: 'schema_outdated',
    monitor: 'standby',
  });
});

test('a part that does not answer is not waited for', async () => {
  const engine = { ping: () => new Promise<void>(() => undefined) };
  expect(await checkReadiness(options({ engine, withinMs: 10 }))).toMatchObject({
    status: 'not_ready',
    temporal: 'no_answer',
  });
});

test('a worker that is stopping gets no more traffic', async () => {
  expect(await checkReadiness(options({ shutdown: AbortSignal.abort() }))).toMatchObject({ status: 'stopping' });
});

test('of several namespaces one that is away is told, and does not hold up the others', async () => {
  const active = createMonitorRole();
  void active.during(() => new Promise(() => undefined));
  const away = fails(new ExecutionError('engine_unavailable', 'billing.internal:7233 refused'));
  const namespaces = [
    { namespace: 'billing', connections: { engine: away }, role: createMonitorRole() },
    { namespace: 'shop', connections: { engine: answers }, role: active },
  ];
  expect(await checkReadiness(options({ namespaces }))).toEqual({
    ...{ status: 'ready', temporal: 'ok', ledger: 'ok', monitor: 'active' },
    namespaces: {
      billing: { temporal: 'engine_unavailable', monitor: 'standby' },
      shop: { temporal: 'ok', monitor: 'active' },
    },
  });
  expect(
    await checkReadiness(options({ namespaces: [{ ...namespaces[0], connections: { engine: away } }] as never })),
  ).toMatchObject({
    ...{ status: 'not_ready', temporal: 'engine_unavailable' },
  });
});
