/** Each demo workflow does what its description says: a real dev server, and the worker's process as `npm start` runs it. */
import { existsSync } from 'node:fs';
import type { LocalTemporal } from '@runledger/local-stack';
import { startTemporal } from '@runledger/local-stack';
import type { WorkflowHandle, WorkflowStartOptions } from '@temporalio/client';
import { Client, Connection, WorkflowFailedError } from '@temporalio/client';
import { ActivityFailure, ApplicationFailure, CancelledFailure } from '@temporalio/common';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { partialFile } from './activities/partial-file.ts';
import type { Child } from './child.ts';
import { startChild, stopChild } from './child.ts';
import { DEMO_TASK_QUEUE, DEMO_WORKFLOWS } from './definitions.ts';
import { eventually } from './fixtures/processes.ts';

let temporal: LocalTemporal;
let worker: Child;
let connection: Connection;
let client: Client;
let started = 0;

beforeAll(async () => {
  temporal = await startTemporal({ address: null });
  worker = await startChild('The demo’s worker', new URL('./demo-worker.ts', import.meta.url), {
    TEMPORAL_ADDRESS: temporal.address,
    TEMPORAL_NAMESPACE: 'default',
  });
  connection = await Connection.connect({ address: temporal.address });
  client = new Client({ connection });
});

afterAll(async () => {
  await connection?.close();
  if (worker) await stopChild(worker);
  await temporal?.stop();
});

function start(type: string, input: unknown, more: Partial<WorkflowStartOptions> = {}) {
  return client.workflow.start(type, {
    taskQueue: DEMO_TASK_QUEUE,
    workflowId: `${type}-${++started}`,
    args: [input],
    ...more,
  });
}

type Started = Awaited<ReturnType<typeof start>>;

/** The run that was started, also when others have followed it. */
const firstRun = (of: Started): WorkflowHandle => client.workflow.getHandle(of.workflowId, of.firstExecutionRunId);

const eventsOf = async (handle: WorkflowHandle) => (await handle.fetchHistory()).events ?? [];

async function failureOf(handle: Started): Promise<Error | undefined> {
  const error = await handle.result().catch((error: unknown) => error);
  expect(error).toBeInstanceOf(WorkflowFailedError);
  return (error as WorkflowFailedError).cause;
}

test('an order is charged at the third attempt, and shipped', async () => {
  const handle = await start('order', { item: 'rye loaf', quantity: 1 });
  expect(await handle.result()).toEqual({
    receipt: expect.stringMatching(/^R-/),
    parcel: expect.stringMatching(/^P-/),
    approvedBy: 'nobody needed to',
  });
  const attempts = (await eventsOf(handle)).flatMap(({ activityTaskStartedEventAttributes: event }) => event ?? []);
  expect(attempts[0]).toMatchObject({
    attempt: 3,
    lastFailure: { applicationFailureInfo: { type: 'GatewayTimeout' } },
  });
  expect((await eventsOf(handle)).filter((event) => event.timerFiredEventAttributes)).toHaveLength(1);
});

test('a large order waits for the signal that approves it', async () => {
  const handle = await start('order', { item: 'rye loaf', quantity: 12 });
  const charged = async () => (await eventsOf(handle)).some((event) => event.activityTaskCompletedEventAttributes);
  expect(await eventually(async () => (await charged()) || undefined)).toBe(true);
  await handle.signal('approve', 'Ada');
  expect(await handle.result()).toMatchObject({ approvedBy: 'Ada', parcel: expect.stringMatching(/^P-/) });
});

test('a large order that nobody approves fails, and is not shipped', async () => {
  const handle = await start('order', { item: 'rye loaf', quantity: 12, approveWithinSeconds: 1 });
  expect(await failureOf(handle)).toMatchObject({
    type: 'ApprovalMissing',
    message: 'Nobody approved 12 × rye loaf within 1 s',
  });
  const scheduled = (await eventsOf(handle)).flatMap((event) => event.activityTaskScheduledEventAttributes ?? []);
  expect(scheduled.map(({ activityType }) => activityType?.name)).toEqual(['chargeCard']);
});

test('the document pipeline ranks the words of the shipped texts', async () => {
  const handle = await start('documentPipeline', { top: 6 });
  // Counted by: cat documents/*.txt | tr A-Z a-z | grep -oE '[a-z]{4,}' | sort | uniq -c | sort -k1,1nr -k2 | head -6
  expect(await handle.result()).toEqual({
    documents: 4,
    words: [
      ['that', 11],
      ['nobody', 5],
      ['book', 4],
      ['when', 4],
      ['back', 3],
      ['boat', 3],
    ],
  });
});

test('a video is transcoded to its end, and leaves no file behind', async () => {
  const handle = await start('transcodeVideo', { title: 'short', seconds: 1 });
  const bytes = Array.from({ length: 24 }, (_, frame) => `short ${frame}\n`).join('').length;
  expect(await handle.result()).toMatchObject({ title: 'short', frames: 24, bytes });
  expect(existsSync(partialFile(handle.firstExecutionRunId))).toBe(false);
});

test('a video that is cancelled half-way ends as cancelled, after its partial file was removed', async () => {
  const handle = await start('transcodeVideo', { title: 'endless', seconds: 240 });
  const file = partialFile(handle.firstExecutionRunId);
  const heartbeat = async () =>
    (await handle.describe()).raw.pendingActivities?.[0]?.heartbeatDetails?.payloads?.length || undefined;
  expect(await eventually(heartbeat)).toBe(1);
  expect(existsSync(file)).toBe(true);

  await handle.cancel();
  expect(await failureOf(handle)).toBeInstanceOf(CancelledFailure);
  expect((await handle.describe()).status.name).toBe('CANCELLED');
  // One that still writes would make the file anew.
  const steps = (await eventsOf(handle)).flatMap((event) => {
    if (event.activityTaskCanceledEventAttributes) return 'gave in';
    return event.activityTaskScheduledEventAttributes?.activityType?.name ?? [];
  });
  expect(steps).toEqual(['transcode', 'gave in', 'removePartialFile']);
  expect(existsSync(file)).toBe(false);
});

test('a credit within the limit is granted; one above it fails with type, details and cause, at the first attempt', async () => {
  const granted = await start('creditCheck', { applicant: 'Grace', amount: 10_000 });
  expect(await granted.result()).toEqual({ applicant: 'Grace', granted: 10_000 });

  const failure = await failureOf(await start('creditCheck', { applicant: 'Alan', amount: 10_001 }));
  expect(failure).toBeInstanceOf(ActivityFailure);
  expect(failure?.cause).toBeInstanceOf(ApplicationFailure);
  expect(failure?.cause).toMatchObject({
    type: 'CreditDeclined',
    nonRetryable: true,
    details: [{ applicant: 'Alan', amount: 10_001, limit: 10_000 }],
    cause: { message: 'the score of Alan does not carry 10001' },
  });
});

test('an inbox digest continues as new after each page and ends with what is unread on all of them', async () => {
  const handle = await start('digestInbox', { pages: 2 });
  expect(await handle.result()).toEqual({
    pages: 2,
    unread: ['mill: Flour comes on Thursday', 'grace: Forty rolls for Saturday?', 'dairy: Invoice 2207'],
  });
  expect((await firstRun(handle).describe()).status.name).toBe('CONTINUED_AS_NEW');
});

test('onboarding a customer leaves the welcome pack to a child workflow', async () => {
  const handle = await start('onboardCustomer', { customer: 'Ada' });
  expect(await handle.result()).toEqual({ account: expect.stringMatching(/^A-/), mails: 2 });
  const children = (await eventsOf(handle)).flatMap(
    (event) => event.childWorkflowExecutionCompletedEventAttributes ?? [],
  );
  expect(children.map(({ workflowType }) => workflowType?.name)).toEqual(['sendWelcomePack']);
});

test('a catalog import fails, and succeeds as a whole at its second attempt', async () => {
  const definition = DEMO_WORKFLOWS.find(({ definition }) => definition.workflowType === 'importCatalog')?.definition;
  const { maximumAttempts, initialInterval } = definition?.retryPolicy ?? {};
  const retry = { maximumAttempts, initialInterval: initialInterval as '1s' };
  const handle = await start('importCatalog', { supplier: 'mill' }, { retry });
  expect(await handle.result()).toEqual({ supplier: 'mill', articles: 4, cents: 1890 + 1720 + 2150 + 640 });
  const last = (await eventsOf(firstRun(handle))).at(-1)?.workflowExecutionFailedEventAttributes;
  expect(last).toMatchObject({
    failure: { message: 'mill has sent 3 of 4 articles', applicationFailureInfo: { type: 'CatalogIncomplete' } },
    newExecutionRunId: (await handle.describe()).runId,
  });
});
