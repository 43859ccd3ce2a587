import type { Failure } from '@runledger/contracts';
import { STEP_FAILURE_LIMIT } from '@runledger/contracts';
import { storableText } from './storable.ts';

/** Largest failure of one step, in bytes of JSON: while a history is read, several hundred are held at once. */
const FAILURE_BYTES = 32_000;

/** The failure with shorter messages, and as much of its stacks and causes as one step has room for. */
export function boundedStepFailure(failure: Failure): Failure {
  const cut = withMessages(failure);
  if (fits(cut)) return cut;
  let bare = withoutStacks(cut);
  while (bare.cause && !fits(bare)) bare = withoutInnermost(bare);
  return bare;
}

/** The failure and its causes without their stack traces. */
export function withoutStacks(failure: Failure): Failure {
  const { stack: _, cause, ...rest } = failure;
  return { ...rest, cause: cause ? withoutStacks(cause) : null };
}

function withMessages(failure: Failure): Failure {
  const { message, cause } = failure;
  return { ...failure, message: storableText(message, STEP_FAILURE_LIMIT), cause: cause ? withMessages(cause) : null };
}

function withoutInnermost(failure: Failure): Failure {
  return { ...failure, cause: failure.cause?.cause ? withoutInnermost(failure.cause) : null };
}

function fits(failure: Failure): boolean {
  return Buffer.byteLength(JSON.stringify(failure)) <= FAILURE_BYTES;
}
