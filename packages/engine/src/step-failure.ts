import type { Failure } from '@runledger/contracts';
import { causesOf, linkCauses, STEP_FAILURE_LIMIT, storableText } from '@runledger/contracts';

/** Largest failure of one step, in bytes of JSON: while a history is read, several hundred are held at once. */
const FAILURE_BYTES = 32_000;

/** The failure with shorter messages, and as much of its stacks and causes as one step has room for: both ends of them. */
export function boundedStepFailure(failure: Failure): Failure {
  const cut = linked(all(failure).map((one) => ({ ...one, message: storableText(one.message, STEP_FAILURE_LIMIT) })));
  if (fits(cut)) return cut;
  const bare = all(withoutStacks(cut));
  for (let limit = bare.length; limit > 2; limit -= 1) {
    const shorter = linked(bare, limit);
    if (fits(shorter)) return shorter;
  }
  return linked(bare, 2);
}

/** The failure and its causes without their stack traces. */
export function withoutStacks(failure: Failure): Failure {
  return linked(all(failure).map(({ stack: _, ...rest }) => rest));
}

function all(failure: Failure): Failure[] {
  return causesOf(failure, ({ cause }) => cause);
}

function linked(failures: Failure[], limit?: number): Failure {
  return linkCauses(failures, limit) as Failure;
}

function fits(failure: Failure): boolean {
  return Buffer.byteLength(JSON.stringify(failure)) <= FAILURE_BYTES;
}
