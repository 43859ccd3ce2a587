import { ExecutionError } from '@runledger/contracts';
import { expect, test } from 'vitest';
import { createMonitorRole } from './monitor-role.ts';
import { checkReadiness } from './readiness.ts';

const answers = { ping: async () => undefined };
const fails = (error: unknown) => ({
  ping: async () => {
    throw error;
  },
});

function options(more: Partial<Parameters<typeof checkReadiness>[0]> = {}) {
  return {
    engine: answers,
    ledger: answers,
    role: createMonitorRole(),
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
