import type { ExecutionService, Json, MachineKey, MarkResult, ReportOptions } from '@runledger/contracts';
import { ERRORS, ExecutionError, REPORTED_PAYLOAD_BYTES, storableValue } from '@runledger/contracts';
import { toErrorBody, toExecutionError } from '@runledger/router';
import type { Context } from 'hono';
import type { ReadBody } from '../body-check.ts';
import type { ApiParts } from '../context.ts';
import { retryAfter } from '../limits/retry-after.ts';
import type { Counted } from '../limits/uncounted.ts';
import type { IdentifyMachine } from './machine-callers.ts';
import { ReportAnswer } from './report-answer.ts';
import type { MachineReport } from './report-request.ts';
import { parseReport, readMachineReport } from './report-request.ts';

/** What takes the reports of programs. */
export interface Machines {
  identify: IdentifyMachine;
  service: Pick<
    ExecutionService,
    'markCompleted' | 'markFailed' | 'markCancelled' | 'markTimedOut' | 'markTerminated' | 'reportProgress'
  >;
}

/** Answers `POST /report`: programs with a key of the scope `report` say how executions go and end. */
export function createReport(
  { identify, service }: Machines,
  { unverified, log, read }: Pick<ApiParts, 'unverified' | 'log'> & { read: ReadBody },
) {
  return async (c: Context<{ Variables: { requestId: string } & Counted }>): Promise<Response> => {
    const userLimits = c.get('limits');
    const requestId = c.get('requestId');
    const authorization = c.req.header('authorization');
    try {
      const key = await identify(authorization);
      // Programs that are known do not share the limit of their address.
      unverified?.learn(authorization, true);
      requireReports(key);
      await userLimits?.take('requests', `key:${key.id}`);
      await userLimits?.take('writes', `key:${key.id}`);
      const body = await c.req.text();
      await userLimits?.take('storedBytes', `key:${key.id}`, body.length);
      const report = readMachineReport(await read({ url: c.req.url, body }, () => parseReport(body)));
      // A user's programs and pages share the places of their user.
      const turn = { of: 'calls', places: 1, signal: c.req.raw.signal } as const;
      const work = () => take(service, key, report);
      const answer = await (userLimits?.inTurn?.(key.userId ?? `key:${key.id}`, turn, work) ?? work());
      return c.json(ReportAnswer.parse(answer));
    } catch (thrown) {
      const error = toExecutionError(thrown);
      if (error.code === 'unauthenticated') unverified?.learn(authorization, false);
      const { http } = ERRORS[error.code];
      if (http >= 500) log.error({ err: error, path: 'report', requestId }, 'a report failed');
      return c.json(toErrorBody(error, requestId), http, retryAfter([error]));
    }
  };
}

function requireReports({ name, scopes }: MachineKey): void {
  if (scopes.includes('report')) return;
  const has = scopes.length === 0 ? 'nothing any more' : scopes.join(', ');
  const lacks =
    'It lacks the scope report, or its user is not an operator of this host any more; an operator makes another.';
  throw new ExecutionError('permission_denied', `The key ${name} may ${has}. ${lacks}`);
}

async function take(service: Machines['service'], key: MachineKey, report: MachineReport): Promise<ReportAnswer> {
  const { execution, status, progress, runId } = report;
  // What was seen last is kept once it has ended.
  const taken = progress ? await service.reportProgress(execution, progress, runId ? { runId } : {}) : null;
  if (status === undefined) return { end: null, progress: taken };
  const options: ReportOptions = {
    actor: `key ${key.name}`,
    ...(report.reportId === undefined ? {} : { reportId: report.reportId }),
    ...(runId === undefined ? {} : { runId }),
    ...(report.verdict === undefined ? {} : { verdict: report.verdict }),
  };
  const marked = await mark(service, { ...report, status }, options);
  const { result, executionId, status: now, revision, reportId } = marked;
  return { end: { result, executionId, status: now, revision, reportId }, progress: taken };
}

function mark(
  service: Machines['service'],
  { execution, status, output, error, durationMs }: MachineReport & { status: NonNullable<MachineReport['status']> },
  options: ReportOptions,
): Promise<MarkResult> {
  const reason = error === undefined || typeof error === 'string' ? error : textOf(error);
  switch (status) {
    case 'completed':
      return service.markCompleted(execution, output, durationMs, options);
    case 'failed':
      return service.markFailed(execution, error ?? 'It failed; no reason was given.', durationMs, options);
    case 'cancelled':
      return service.markCancelled(execution, reason, durationMs, options);
    case 'timed_out':
      return service.markTimedOut(execution, reason, durationMs, options);
    case 'terminated':
      return service.markTerminated(execution, reason, durationMs, options);
  }
}

/** An error as JSON; one that is nested too deeply is none, and its end counts all the same. */
function textOf(error: Json): string {
  const kept = storableValue(error, REPORTED_PAYLOAD_BYTES);
  return kept.kind === 'kept' ? JSON.stringify(kept.value) : `Its error was not kept: ${kept.why}.`;
}
