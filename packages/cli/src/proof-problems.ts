import type { UnprovenNamespace } from '@runledger/contracts';
import { isStale } from '@runledger/contracts';
import { formatDuration } from '@runledger/contracts/format-duration';
import type { ReadProof } from './read-proof.ts';
import { count } from './words.ts';

/** Pure: why a proof does not show that all is well; empty when it does. */
export function proofProblems(read: ReadProof, now: number = Date.now()): string[] {
  switch (read.kind) {
    case 'none':
      return ['No monitor has published anything for this namespace: is the worker running?'];
    case 'foreign':
      return ['The monitor that published is of another version than this command: use both from one release.'];
  }
  const { proof } = read;
  const problems: string[] = [];
  const ageMs = now - Date.parse(proof.at);
  if (proof.alarm) problems.push(`Alarm: ${proof.alarm}`);
  problems.push(...proof.missed);
  if (isStale(proof, now)) {
    const period = formatDuration(proof.periodMs);
    problems.push(
      `This was published ${formatDuration(ageMs)} ago, and is to come every ${period}: is the worker still running?`,
    );
  }
  if (proof.diverging > 0) {
    const verb = proof.diverging === 1 ? 'differs' : 'differ';
    problems.push(
      `${count(proof.diverging, 'execution')} ${verb} from Temporal and could not be repaired: look with "runledger reconcile --dry-run".`,
    );
  }
  return problems;
}

/** Pure: the namespaces other than these that have unsettled executions and that nobody follows, one sentence each. */
export function unprovenProblems(
  unproven: UnprovenNamespace[],
  namespaces: readonly string[],
  now: number = Date.now(),
): string[] {
  return unproven
    .filter((one) => !namespaces.includes(one.namespace))
    .map(({ namespace: name, provedAt }) => {
      const last = provedAt
        ? `its last proof was published ${formatDuration(now - Date.parse(provedAt))} ago`
        : 'no proof of it was ever published';
      return `The namespace ${name} has unsettled executions and no monitor: ${last}. Start a worker with TEMPORAL_NAMESPACE=${name}, or end them: runledger end --lost -n ${name}.`;
    });
}
