import type { Failure, Step } from '@runledger/contracts';
import type { temporal } from '@temporalio/proto';
import proto from '@temporalio/proto';
import type { ProtoFailure } from './failure.ts';
import type { EventId, RunSteps } from './run-steps.ts';
import { summaryOf } from './step-summary.ts';
import { toTimestamp } from './timestamp.ts';
import { isTaskFault, taskFailureOf } from './workflow-task-fault.ts';

type HistoryEvent = temporal.api.history.v1.IHistoryEvent;

/** Decodes a failure and cuts it to what a step may hold. */
export type ReadStepFailure = (failure: ProtoFailure) => Promise<Failure>;

/** Makes a reader that condenses the events of one run, in their order, into its steps. */
export function createEventReader(steps: RunSteps, readFailure: ReadStepFailure) {
  let at = new Date(0).toISOString();
  const handlers: Handlers = {
    ...workflowTaskHandlers(steps, readFailure),
    ...activityHandlers(steps, readFailure),
    ...timerHandlers(steps),
    ...childHandlers(steps, readFailure),
    ...messageHandlers(steps, readFailure),
  };
  return async (event: HistoryEvent): Promise<void> => {
    at = toTimestamp(event.eventTime) ?? at;
    for (const [key, attributes] of Object.entries(event)) {
      if (attributes && Object.hasOwn(handlers, key)) {
        await (handlers as LooseHandlers)[key]?.(attributes, { at, id: event.eventId, summary: summaryOf(event) });
      }
    }
  };
}

interface Moment {
  at: string;
  /** Of the event. */
  id: EventId;
  /** What the workflow says of it. */
  summary: string | null;
}
type Handlers = {
  [Key in keyof HistoryEvent as Key extends `${string}EventAttributes` ? Key : never]?: (
    attributes: NonNullable<HistoryEvent[Key]>,
    moment: Moment,
  ) => void | Promise<void>;
};
type LooseHandlers = Record<string, ((attributes: object, moment: Moment) => void | Promise<void>) | undefined>;

/** Ends steps, with the failure that Temporal gives. */
function ender(steps: RunSteps, readFailure: ReadStepFailure) {
  return async (
    id: EventId,
    status: Step['status'],
    { at, failure }: { at: string; failure?: ProtoFailure | null },
  ) => {
    steps.end(id, { status, at, failure: failure ? await readFailure(failure) : null });
  };
}

/** By what the failing code of a run is known among its steps, of which there is one at a time. */
const WORKFLOW_CODE: EventId = 'workflow code';

/**
 * Workflow code that fails is one step, from the first failure until a task goes well. Temporal writes no event of the attempts after
 * the first, but the attempt at which it went well.
 */
function workflowTaskHandlers(steps: RunSteps, readFailure: ReadStepFailure): Handlers {
  let attempt = 1;
  const fail = async (event: HistoryEvent, at: string) => {
    const step =
      steps.find(WORKFLOW_CODE) ?? steps.begin(WORKFLOW_CODE, { kind: 'workflow_task', name: 'workflow code', at });
    const failure = await readFailure(taskFailureOf(event));
    Object.assign(step, { status: 'scheduled', startedAt: null, attempts: attempt, failure });
  };
  return {
    workflowTaskScheduledEventAttributes(event) {
      attempt = event.attempt || 1;
    },
    workflowTaskStartedEventAttributes(_, { at }) {
      const step = steps.start(WORKFLOW_CODE, at);
      if (step) step.attempts = attempt;
    },
    async workflowTaskFailedEventAttributes(event, { at }) {
      steps.endCopy(event.newRunId);
      if (isTaskFault(event) && !ROUTINE.has(event.cause)) await fail({ workflowTaskFailedEventAttributes: event }, at);
    },
    // One that waited too long for the worker that had the run before is given to any other: routine.
    async workflowTaskTimedOutEventAttributes({ timeoutType }, { at }) {
      if (timeoutType === proto.temporal.api.enums.v1.TimeoutType.TIMEOUT_TYPE_START_TO_CLOSE) await fail({}, at);
    },
    workflowTaskCompletedEventAttributes: (_, { at }) =>
      steps.end(WORKFLOW_CODE, { status: 'completed', at, failure: null }),
  };
}

const { WorkflowTaskFailedCause: Cause } = proto.temporal.api.enums.v1;
/**
 * No fault of the code: something came while it decided, so that it decides once more; its run was closed or reset meanwhile; it moved to
 * another cluster or worker.
 */
const ROUTINE = new Set<number | null | undefined>([
  Cause.WORKFLOW_TASK_FAILED_CAUSE_UNHANDLED_COMMAND,
  Cause.WORKFLOW_TASK_FAILED_CAUSE_FORCE_CLOSE_COMMAND,
  Cause.WORKFLOW_TASK_FAILED_CAUSE_FAILOVER_CLOSE_COMMAND,
  Cause.WORKFLOW_TASK_FAILED_CAUSE_RESET_STICKY_TASK_QUEUE,
]);

function activityHandlers(steps: RunSteps, readFailure: ReadStepFailure): Handlers {
  const end = ender(steps, readFailure);
  return {
    activityTaskScheduledEventAttributes({ activityType, activityId }, { at, id, summary }) {
      steps.begin(id, { kind: 'activity', name: activityType?.name, at, summary, activityId });
    },
    // Written only once the last attempt is over, with how many there were.
    async activityTaskStartedEventAttributes({ scheduledEventId, attempt, lastFailure }, { at }) {
      const step = steps.start(scheduledEventId, at);
      if (!step) return;
      step.attempts = attempt || 1;
      if (lastFailure) step.failure = await readFailure(lastFailure);
    },
    activityTaskCompletedEventAttributes: (event, { at }) => end(event.scheduledEventId, 'completed', { at }),
    activityTaskFailedEventAttributes: ({ scheduledEventId, failure }, { at }) =>
      end(scheduledEventId, 'failed', { at, failure }),
    activityTaskTimedOutEventAttributes: ({ scheduledEventId, failure }, { at }) =>
      end(scheduledEventId, 'timed_out', { at, failure }),
    activityTaskCanceledEventAttributes: (event, { at }) => end(event.scheduledEventId, 'cancelled', { at }),
  };
}

function timerHandlers(steps: RunSteps): Handlers {
  return {
    timerStartedEventAttributes({ timerId }, { at, id, summary }) {
      steps.begin(id, { kind: 'timer', name: timerId, at, summary });
    },
    timerFiredEventAttributes: (event, { at }) =>
      steps.end(event.startedEventId, { status: 'completed', at, failure: null }),
    timerCanceledEventAttributes: (event, { at }) =>
      steps.end(event.startedEventId, { status: 'cancelled', at, failure: null }),
  };
}

function childHandlers(steps: RunSteps, readFailure: ReadStepFailure): Handlers {
  const end = ender(steps, readFailure);
  const timedOut: ProtoFailure = { message: 'The child workflow timed out', timeoutFailureInfo: {} };
  const terminated: ProtoFailure = { message: 'The child workflow was terminated', terminatedFailureInfo: {} };
  return {
    startChildWorkflowExecutionInitiatedEventAttributes({ workflowType, workflowId }, { at, id, summary }) {
      const child = workflowId ? { workflowId, runId: null } : undefined;
      steps.begin(id, { kind: 'child', name: workflowType?.name, at, summary, child });
    },
    startChildWorkflowExecutionFailedEventAttributes: ({ initiatedEventId, cause }, { at }) =>
      end(initiatedEventId, 'failed', { at, failure: notStarted(cause) }),
    childWorkflowExecutionStartedEventAttributes({ initiatedEventId, workflowExecution }, { at }) {
      const step = steps.start(initiatedEventId, at);
      if (step?.child) step.child.runId = workflowExecution?.runId || null;
    },
    childWorkflowExecutionCompletedEventAttributes: (event, { at }) => end(event.initiatedEventId, 'completed', { at }),
    childWorkflowExecutionFailedEventAttributes: ({ initiatedEventId, failure }, { at }) =>
      end(initiatedEventId, 'failed', { at, failure }),
    childWorkflowExecutionCanceledEventAttributes: (event, { at }) => end(event.initiatedEventId, 'cancelled', { at }),
    childWorkflowExecutionTimedOutEventAttributes: (event, { at }) =>
      end(event.initiatedEventId, 'timed_out', { at, failure: timedOut }),
    childWorkflowExecutionTerminatedEventAttributes: (event, { at }) =>
      end(event.initiatedEventId, 'terminated', { at, failure: terminated }),
  };
}

function notStarted(cause: number | null | undefined): ProtoFailure {
  const { StartChildWorkflowExecutionFailedCause: Cause } = proto.temporal.api.enums.v1;
  const name = (Cause[cause ?? 0] as string | undefined) ?? String(cause);
  const words = name.replace('START_CHILD_WORKFLOW_EXECUTION_FAILED_CAUSE_', '').replaceAll('_', ' ').toLowerCase();
  return { message: `The child workflow was not started: ${words}`, serverFailureInfo: {} };
}

/** What the workflow was told: signals and updates. */
function messageHandlers(steps: RunSteps, readFailure: ReadStepFailure): Handlers {
  const end = ender(steps, readFailure);
  return {
    workflowExecutionSignaledEventAttributes({ signalName }, { at, id }) {
      steps.begin(id, { kind: 'signal', name: signalName, at });
      steps.end(id, { status: 'received', at, failure: null });
    },
    // A reset gives a run the updates that came after its reset point once more, as admitted.
    workflowExecutionUpdateAdmittedEventAttributes({ request }, { at }) {
      steps.begin(`update ${request?.meta?.updateId}`, { kind: 'update', name: request?.input?.name, at });
    },
    workflowExecutionUpdateAcceptedEventAttributes({ protocolInstanceId, acceptedRequest }, { at, id }) {
      const isAdmitted = steps.move(`update ${protocolInstanceId}`, id);
      if (!isAdmitted) steps.begin(id, { kind: 'update', name: acceptedRequest?.input?.name, at });
      steps.start(id, at);
    },
    workflowExecutionUpdateCompletedEventAttributes: ({ acceptedEventId, outcome }, { at }) =>
      end(acceptedEventId, outcome?.failure ? 'failed' : 'completed', { at, failure: outcome?.failure }),
  };
}
