import { setTimeout as delay } from 'node:timers/promises';
import type { Ledger } from '@runledger/contracts';
import type { TemporalNamespace } from '@runledger/host/temporal/temporal-namespace';
import type { Telemetry } from '@runledger/monitor';
import { createTelemetry } from '@runledger/monitor';
import type { Logger } from 'pino';
import type { Connections } from './connections.ts';
import { connect } from './connections.ts';
import type { Env } from './env.ts';
import type { MonitorRole } from './monitor-role.ts';
import { createMonitorRole } from './monitor-role.ts';
import { createMonitorWorker } from './worker.ts';
import { monitorBundle } from './workflow-bundle.ts';

/** Before the monitor of a namespace that failed is tried again, in milliseconds. */
const AGAIN_MS = 5_000;

/** A namespace that this process works for. */
interface Followed {
  namespace: string;
  connections: Connections;
  role: MonitorRole;
}

/** What `/readyz` does not ask about. */
interface Own extends Followed {
  temporal: TemporalNamespace;
  telemetry: Telemetry;
}

interface FollowDeps {
  ledger: Ledger;
  logger: Logger;
  shutdown: AbortSignal;
}

export interface NamespaceFollower {
  followed: Followed[];
  /** Until the shutdown. @throws when the only namespace fails for good; one of several is tried again beside the others */
  run(): Promise<void>;
  close(): Promise<void>;
}

/** One monitor's worker for each namespace of the environment, each with its own connections. */
export function followNamespaces(env: Env, { ledger, logger, shutdown }: FollowDeps): NamespaceFollower {
  const followed = env.temporal.map(
    (temporal): Own => ({
      ...{ temporal, namespace: temporal.namespace },
      ...{ connections: connect(env, temporal), role: createMonitorRole() },
      telemetry: createTelemetry({ namespace: temporal.namespace }),
    }),
  );

  async function follow({ temporal, connections, role, telemetry }: Own): Promise<void> {
    const bundle = await monitorBundle();
    const own = { temporal, connections, role, telemetry };
    const worker = await createMonitorWorker(env, { ...own, ledger, bundle, logger, shutdown });
    await worker.run();
  }

  async function keepFollowing(one: Own): Promise<void> {
    while (!shutdown.aborted) {
      try {
        return await follow(one);
      } catch (error) {
        if (shutdown.aborted) return;
        const { namespace } = one;
        logger.error({ err: error, namespace }, 'the monitor of this namespace failed; it is tried again');
        await delay(AGAIN_MS, undefined, { signal: shutdown }).catch(() => undefined);
      }
    }
  }

  return {
    followed,
    async run() {
      const [only, ...more] = followed;
      if (only && more.length === 0) await follow(only);
      else await Promise.all(followed.map(keepFollowing));
    },
    async close() {
      await Promise.all(followed.map(({ connections }) => connections.close()));
    },
  };
}
