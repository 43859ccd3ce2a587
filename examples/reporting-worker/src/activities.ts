import { createHash } from 'node:crypto';
import { activityInfo } from '@temporalio/activity';

export interface Report {
  execution: string;
  progress: { step: number; steps: number; message: string };
}

/** Says how far an execution has got. It fails, and is repeated by Temporal, where the API does not answer. */
export async function report(said: Report): Promise<void> {
  const { RUNLEDGER_REPORT_URL = '', RUNLEDGER_KEY = '' } = process.env;
  const answer = await fetch(RUNLEDGER_REPORT_URL, {
    method: 'POST',
    headers: { authorization: `Bearer ${RUNLEDGER_KEY}`, 'content-type': 'application/json' },
    body: JSON.stringify({ ...said, reportId: reportId() }),
    signal: AbortSignal.timeout(10_000),
  });
  if (!answer.ok) throw new Error(`The report was answered with ${answer.status}: ${await answer.text()}`);
}

/** The same uuid in every attempt: a report that arrived counts once. */
function reportId(): string {
  const { workflowExecution, activityId } = activityInfo();
  const hash = createHash('sha256').update(`${workflowExecution?.runId}/${activityId}`).digest('hex');
  return hash.slice(0, 32).replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12})$/, '$1-$2-8$3-8$4-$5');
}

export async function pack(item: string): Promise<string> {
  return item;
}
