import type { Connection } from '@temporalio/client';
import { loadDataConverter } from '@temporalio/common/lib/internal-non-workflow/index.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { EngineFixture, Started } from './fixtures/engine-fixture.ts';
import { startEngineFixture } from './fixtures/engine-fixture.ts';
import { createRecentHistories } from './recent-histories.ts';
import { createResolver } from './resolver.ts';
import type { TemporalCalls } from './temporal-calls.ts';
import { readTimeline } from './timeline.ts';

type Service = Connection['workflowService'];

let fixture: EngineFixture;
beforeAll(async () => {
  fixture = await startEngineFixture();
});
afterAll(() => fixture?.[Symbol.asyncDispose]());

/** A process that has seen nothing yet, and the names of the calls that it makes. */
function freshProcess(keptBytes?: number) {
  const asked: string[] = [];
  const service = new Proxy(fixture.connection.workflowService, {
    get(target, name) {
      if (typeof name === 'string' && /History|describe/.test(name)) asked.push(name);
      const value = Reflect.get(target, name);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
  const call: TemporalCalls = (make) => make(service as Service, fixture.connection.operatorService);
  const recent = createRecentHistories(keptBytes);
  const converter = loadDataConverter();
  const { resolve } = createResolver({ call, converter, recent });
  return {
    asked,
    async closure(run: Started) {
      const resolution = await resolve(run);
      if (resolution.kind !== 'closed') throw new Error(`It is ${resolution.kind}.`);
      const timeline = await readTimeline(
        { call, converter, recent },
        { ...run, runIds: [resolution.outcome.runId ?? ''] },
      );
      return { outcome: resolution.outcome, timeline };
    },
  };
}

async function closed(type: string, args: unknown[], end?: (run: Started) => Promise<unknown>): Promise<Started> {
  const run = await fixture.start(type, args);
  await end?.(run);
  await fixture.ended(run);
  return run;
}

describe('a closure of a short history', () => {
  const terminate = ({ temporalWorkflowId: workflowId }: Started) =>
    fixture.client.workflow.getHandle(workflowId).terminate('enough');
  const cancel = ({ temporalWorkflowId: workflowId }: Started) =>
    fixture.client.workflow.getHandle(workflowId).cancel();

  test.each([
    ['completed', 'returns', [{ total: 7 }], undefined],
    ['terminated', 'waits', [], terminate],
    ['cancelled', 'waits', [], cancel],
  ] as const)(
    '%s: outcome and timeline take two calls, and are what many calls tell',
    async (status, type, args, end) => {
      const run = await closed(type, [...args], end);
      const sharing = freshProcess();
      const apart = freshProcess(0);
      const read = await sharing.closure(run);
      expect(read.outcome.status).toBe(status);
      expect(read).toEqual(await apart.closure(run));
      expect(sharing.asked).toEqual(['describeWorkflowExecution', 'getWorkflowExecutionHistory']);
      expect(apart.asked.length).toBeGreaterThan(3);
    },
  );
});
