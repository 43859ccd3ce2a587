import type { Failure } from '@runledger/contracts';
import { ERROR_MESSAGE_LIMIT, storableText } from '@runledger/contracts';

/** Types that every thrown error has: naming them tells nobody anything. */
const PLAIN = new Set(['Error', 'ApplicationFailure', 'ApplicationError', 'Exception']);

/** Temporal's own types, whose messages say it already. */
const TEMPORALS = new Set([
  'TimeoutFailure',
  'CancelledFailure',
  'TerminatedFailure',
  'ServerFailure',
  'ResetWorkflowFailure',
  'ActivityFailure',
  'ChildWorkflowFailure',
  'NexusOperationFailure',
  'NexusHandlerFailure',
]);

/** One readable sentence for a failed execution: "chargeCard activity failed 3 times: card declined (CardError)". */
export function failureSentence(failure: Failure): string {
  return storableText(sentence(failure), ERROR_MESSAGE_LIMIT);
}

function sentence(failure: Failure): string {
  const times = failure.attempts && failure.attempts > 1 ? ` ${failure.attempts} times` : '';
  if (failure.activityType) return `${failure.activityType} activity failed${times}: ${inner(failure)}`;
  if (failure.childWorkflowType) return `${failure.childWorkflowType} child workflow failed${times}: ${inner(failure)}`;
  const said = `${times ? `Failed${times}: ` : ''}${own(failure)}`;
  const cause = failure.cause && rootOf(failure.cause);
  return cause && !said.includes(cause) ? `${said}: ${cause}` : said;
}

/** What the failure itself says, with its type where that tells something. */
function own(failure: Failure): string {
  const said = failure.message || failure.type || 'no message was given';
  const named = failure.message && failure.type && !PLAIN.has(failure.type) && !TEMPORALS.has(failure.type);
  return `${said}${named ? ` (${failure.type})` : ''}`;
}

/** What went wrong inside: the cause, else its own message. */
function inner(failure: Failure): string {
  return failure.cause ? sentence(failure.cause) : failure.message || 'no reason was given';
}

/** The innermost cause, or the activity or child workflow on the way to it: what wrapped it in between adds nothing. */
function rootOf(cause: Failure): string {
  let failure = cause;
  while (failure.cause && !failure.activityType && !failure.childWorkflowType) failure = failure.cause;
  return sentence(failure);
}

/** Who did it is beside the sentence, in `actor`: names belong where they are shown, and may have to be forgotten. */
export function terminatedSentence(reason: string | null): string {
  return storableText(reason ? `Terminated: ${reason}` : 'Terminated', ERROR_MESSAGE_LIMIT);
}

/** Who asked for it is beside the sentence, in `actor`. */
export function cancelledSentence(reason: string | null): string {
  return storableText(reason ? `Cancelled: ${reason}` : 'Cancelled', ERROR_MESSAGE_LIMIT);
}

/** `limit` is the timeout that was set (`2s`), where Temporal says. */
export function timedOutSentence(which: 'execution' | 'run', limit: string | null, attempts: number): string {
  const after = attempts > 1 ? ` in attempt ${attempts}` : '';
  return `Timed out${after}: the ${which} timeout${limit ? ` of ${limit}` : ''} passed`;
}
