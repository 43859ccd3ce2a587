import type { RunWindow, Visibility } from '@runledger/contracts';
import { ExecutionError } from '@runledger/contracts';
import type { Connection } from '@temporalio/client';
import type { DataConverter } from '@temporalio/common';
import { loadDataConverter } from '@temporalio/common/lib/internal-non-workflow/index.js';
import { toExecutionError } from './grpc-error.ts';
import { createRunHistory } from './run-history.ts';
import { shrinkingPage } from './shrinking-page.ts';
import { createTemporalCalls } from './temporal-calls.ts';
import { readVisibleRun } from './visible-run.ts';

/** Temporal cuts larger pages to this. */
const LARGEST_PAGE = 1_000;

export interface VisibilityOptions {
  /** From `connectEngine({ attempts: 1 })`. */
  connection: Connection;
  /** Decodes memos. */
  dataConverter?: DataConverter;
  /** Deadline of each call in milliseconds. Default 10,000. */
  callTimeoutMs?: number;
}

/**
 * Temporal's lists of runs.
 *
 * Give it a connection that does not retry (`connectEngine({ attempts: 1 })`), so that a list beyond the namespace's
 * budget fails at once with `engine_throttled` and the caller can slow down. A connection that retries spends more of the
 * budget instead, and hides it: as a call of some seconds, or as `engine_unavailable` once the deadline has passed.
 */
export function createVisibility({ connection, dataConverter, callTimeoutMs = 10_000 }: VisibilityOptions): Visibility {
  const call = createTemporalCalls(connection, callTimeoutMs);
  const converter = loadDataConverter(dataConverter);
  const history = createRunHistory(call);
  return {
    async listRuns(namespace, window, { pageSize, pageToken }) {
      const query = windowQuery(window);
      try {
        const { page } = await shrinkingPage(Math.min(Math.max(pageSize, 1), LARGEST_PAGE), (size) =>
          call((service) =>
            service.listWorkflowExecutions({
              namespace,
              query,
              pageSize: size,
              nextPageToken: pageToken === null ? undefined : Buffer.from(pageToken, 'base64'),
            }),
          ),
        );
        return {
          runs: await Promise.all((page.executions ?? []).map((info) => readVisibleRun(converter, info))),
          nextPageToken: page.nextPageToken?.length ? Buffer.from(page.nextPageToken).toString('base64') : null,
        };
      } catch (error) {
        throw toExecutionError(error, `list the runs of namespace ${namespace}`);
      }
    },

    async firstRunIdOf(run) {
      try {
        // Older servers do not say it in describe; the first event always does.
        return (await history.describe(run))?.firstRunId ?? (await history.start(run))?.firstRunId ?? null;
      } catch (error) {
        throw toExecutionError(error, `read run ${run.runId} of workflow ${run.temporalWorkflowId}`);
      }
    },
  };
}

/** Exported for its tests. @throws ExecutionError `invalid_input` for what is not a time */
export function windowQuery({ by, from, to }: RunWindow): string {
  const field = by === 'close' ? 'CloseTime' : 'StartTime';
  const bounds = [from === null ? [] : `${field} >= ${quoted(from)}`, to === null ? [] : `${field} < ${quoted(to)}`];
  // An open run has no close time, which must not count as a late one.
  return [by === 'close' ? 'CloseTime IS NOT NULL' : [], ...bounds].flat().join(' AND ');
}

function quoted(time: string): string {
  if (Number.isNaN(Date.parse(time)) || !/^[\dT:.+Z-]+$/.test(time)) {
    throw new ExecutionError('invalid_input', `"${time}" is not an ISO 8601 time.`);
  }
  return `'${time}'`;
}
