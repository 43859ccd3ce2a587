import type { Failure } from '@runledger/contracts';
import { causesOf, ERROR_MESSAGE_LIMIT, linkCauses, STACK_LIMIT, storableText } from '@runledger/contracts';
import type { temporal } from '@temporalio/proto';
import proto from '@temporalio/proto';

export type ProtoFailure = temporal.api.failure.v1.IFailure;

/** What the code gave with one failure of a chain. */
export type FailureDetails = Pick<Failure, 'details' | 'detailsNote'>;

/** Longest type, activity or workflow name kept, in characters. */
const NAME_LIMIT = 500;

const TIMEOUTS: Record<number, string> = {
  1: 'start-to-close timeout',
  2: 'schedule-to-start timeout',
  3: 'schedule-to-close timeout',
  4: 'heartbeat timeout',
};

/**
 * Temporal's failure as the ledger keeps it: bounded, storable, read from the proto itself, so that no converter or
 * codec can fail on the way. A long chain of causes keeps both ends.
 *
 * @param activityAttempts How often the failing activity (the outermost one) was tried, where history says so.
 * @param details What the code gave with each failure of the chain, by its place in it.
 */
export function toFailure(
  failure: ProtoFailure,
  activityAttempts: number | null = null,
  details: readonly (FailureDetails | null)[] = [],
): Failure {
  const causes = protoCauses(failure);
  const outermostActivity = causes.findIndex(({ activityFailureInfo }) => activityFailureInfo);
  const own = causes.map((cause, index) => ({
    ...ownFailure(cause, index === outermostActivity ? activityAttempts : null),
    ...details[index],
  }));
  return linkCauses<Failure>(own) ?? ownFailure(failure, null);
}

/** A failure and its causes, the outermost first. */
export function protoCauses(failure: ProtoFailure): ProtoFailure[] {
  return causesOf(failure, ({ cause }) => cause);
}

/** What one failure of a chain says, without its cause. */
function ownFailure(failure: ProtoFailure, activityAttempts: number | null): Failure {
  const { activityFailureInfo: activity, childWorkflowExecutionFailureInfo: child } = failure;
  const retryState = activity?.retryState ?? child?.retryState;
  return {
    ...kindOf(failure),
    stack: failure.stackTrace ? storableText(failure.stackTrace, STACK_LIMIT) : null,
    ...(activity ? { activityType: name(activity.activityType?.name), attempts: activityAttempts } : {}),
    ...(child ? { childWorkflowType: name(child.workflowType?.name) } : {}),
    ...(retryState ? { retryState: retryStateName(retryState) } : {}),
  };
}

function kindOf(failure: ProtoFailure): Pick<Failure, 'type' | 'message' | 'nonRetryable'> {
  const message = storableText(failure.message ?? '', ERROR_MESSAGE_LIMIT);
  if (failure.applicationFailureInfo) {
    const { type, nonRetryable } = failure.applicationFailureInfo;
    return { type: type ? name(type) : null, message, nonRetryable: nonRetryable === true };
  }
  if (failure.timeoutFailureInfo) {
    const timeout = TIMEOUTS[failure.timeoutFailureInfo.timeoutType ?? 0];
    return { type: 'TimeoutFailure', message: timeout ?? message };
  }
  if (failure.canceledFailureInfo) return { type: 'CancelledFailure', message };
  if (failure.terminatedFailureInfo) return { type: 'TerminatedFailure', message };
  if (failure.serverFailureInfo) {
    return { type: 'ServerFailure', message, nonRetryable: failure.serverFailureInfo.nonRetryable === true };
  }
  if (failure.resetWorkflowFailureInfo) return { type: 'ResetWorkflowFailure', message };
  if (failure.activityFailureInfo) return { type: 'ActivityFailure', message };
  if (failure.childWorkflowExecutionFailureInfo) return { type: 'ChildWorkflowFailure', message };
  if (failure.nexusOperationExecutionFailureInfo) return { type: 'NexusOperationFailure', message };
  if (failure.nexusHandlerFailureInfo) return { type: 'NexusHandlerFailure', message };
  return { type: null, message };
}

/** `MAXIMUM_ATTEMPTS_REACHED`; `null` when unset, its number when it is of a future server. */
export function retryStateName(retryState: number | null | undefined): string | null {
  if (!retryState) return null;
  return (
    (proto.temporal.api.enums.v1.RetryState[retryState] as string | undefined)?.replace('RETRY_STATE_', '') ??
    String(retryState)
  );
}

function name(raw: string | null | undefined): string | null {
  return raw ? storableText(raw, NAME_LIMIT) : null;
}

/** The outermost activity failure of a chain of causes, whose number of attempts is worth a look into history. */
export function failingActivity(failure: ProtoFailure | null): temporal.api.failure.v1.IActivityFailureInfo | null {
  for (const cause of failure ? protoCauses(failure) : []) {
    if (cause.activityFailureInfo) return cause.activityFailureInfo;
    if (cause.childWorkflowExecutionFailureInfo) return null;
  }
  return null;
}
