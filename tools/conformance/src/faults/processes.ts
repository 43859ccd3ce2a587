import { monitorWorkflowId } from '@runledger/monitor';
import type { Part } from '../system/part.ts';
import type { System } from '../system/system.ts';
import type { Fault } from './fault.ts';

/** The worker that has the monitor's activity, as Temporal knows it; the first one while nobody has it. */
async function holder({ temporal, parts }: System): Promise<Part> {
  const [first] = parts.workers as [Part];
  try {
    const { raw } = await temporal.workflow.getHandle(monitorWorkflowId('default')).describe();
    const identity = raw.pendingActivities?.[0]?.lastWorkerIdentity ?? '';
    return parts.workers.find((worker) => identity.startsWith(`${worker.pid()}@`)) ?? first;
  } catch {
    return first;
  }
}

const killed = (name: string, part: (system: System) => Part | Promise<Part>): Fault => ({
  name,
  prepare(draw) {
    const downMs = draw.integer(0, 2_500);
    return async (system) => (await part(system)).crash(downMs);
  },
});

/** Processes that die or hang. */
export const processFaults: Fault[] = [
  killed('kill -9 of the worker that follows', holder),
  {
    name: 'freeze of the worker that follows',
    prepare(draw) {
      const forMs = draw.integer(4_000, 9_000);
      return async (system) => (await holder(system)).freeze(forMs);
    },
  },
  killed('kill -9 of the API', ({ parts }) => parts.api),
  killed('kill -9 of the workflow worker', ({ parts }) => parts.workflows),
  killed('kill -9 of the Supabase API', ({ parts }) => parts.supabase),
  {
    name: 'crash of the database',
    prepare(draw) {
      const how = draw.pick(['immediate', 'kill'] as const);
      const downMs = draw.integer(0, 2_500);
      return ({ parts }) => parts.postgres.crash(how, downMs);
    },
  },
  {
    name: 'restart of Temporal',
    prepare(draw) {
      const how = draw.pick(['kill', 'kill', 'stop'] as const);
      const downMs = draw.integer(0, 4_000);
      return ({ parts }) => parts.temporal.restart(how, downMs);
    },
  },
];
