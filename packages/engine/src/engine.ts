import type { Engine } from '@runledger/contracts';
import type { Connection } from '@temporalio/client';
import type { DataConverter } from '@temporalio/common';
import { controlExecution } from './control.ts';
import { describeNamespace, hasNamespace } from './describe-namespace.ts';
import { describeRun } from './describe-run.ts';
import { toExecutionError } from './grpc-error.ts';
import { loadConverter } from './payload-converter.ts';
import type { RecentHistories } from './recent-histories.ts';
import { createRecentHistories } from './recent-histories.ts';
import { resetExecution } from './reset.ts';
import { createResolver } from './resolver.ts';
import { signalExecution } from './signal.ts';
import { startExecution } from './start.ts';
import { createTemporalCalls } from './temporal-calls.ts';
import { readTimeline } from './timeline.ts';

export interface EngineOptions {
  /** From `connectEngine`. */
  connection: Connection;
  /** The converter and codecs that the workflows use. Without them, encrypted outputs are recorded as undecodable. */
  dataConverter?: DataConverter;
  /**
   * Whether codecs decode what is read. `false` where the ledger shall hold nothing in clear that workflows encrypt: outputs, inputs
   * and details are then recorded as undecodable, and what is sent is encoded all the same. Default `true`.
   */
  decodes?: boolean;
  /** Deadline of each call, retries included, in milliseconds. Default 10,000. */
  callTimeoutMs?: number;
  /** What this process has read of runs that closed lately; one for all its engines. Default: one of its own. */
  recent?: RecentHistories;
}

/** Temporal as a client. Start, cancel and terminate write there; resolve reads; nothing is kept here but a cache. */
export function createEngine(options: EngineOptions): Engine {
  const { connection, dataConverter, decodes = true, callTimeoutMs = 10_000 } = options;
  const { recent = createRecentHistories() } = options;
  const call = createTemporalCalls(connection, callTimeoutMs);
  const converter = loadConverter(dataConverter);
  const reading = decodes ? converter : { ...converter, payloadCodecs: [] };
  const resolver = createResolver({ call, converter: reading, recent });
  return {
    start: (request) => startExecution(call, converter, request),
    cancel: (target, request) => controlExecution(call, 'cancel', target, request),
    terminate: (target, request) => controlExecution(call, 'terminate', target, request),
    signal: (target, request) => signalExecution({ call, converter }, target, request),
    reset: (target, request) => resetExecution(call, target, request),
    async resolve(target) {
      try {
        return await resolver.resolve(target);
      } catch (error) {
        throw toExecutionError(error, `read workflow ${target.temporalWorkflowId}`);
      }
    },
    describeRun: (run) => describeRun(call, run),
    readTimeline: (chain) => readTimeline({ call, converter: reading, recent }, chain),
    describeNamespace: (namespace) => describeNamespace(call, namespace),
    hasNamespace: (namespace) => hasNamespace(call, namespace),
    async ping() {
      try {
        await call((service) => service.getSystemInfo({}));
      } catch (error) {
        throw toExecutionError(error, 'reach Temporal');
      }
    },
  };
}
