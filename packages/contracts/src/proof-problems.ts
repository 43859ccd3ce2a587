import { formatDuration } from './format-duration.ts';
import type { UnprovenNamespace } from './proof.ts';
import { isStale, Proof } from './proof.ts';

/** `foreign`: there is one, of a monitor of another version than this, which cannot read it. */
export type ReadProof = { kind: 'proof'; proof: Proof } | { kind: 'none' } | { kind: 'foreign' };

/** Pure: what the ledger keeps of a namespace's proof, as far as this version can read it. */
export function readProofOf(found: unknown): ReadProof {
  if (found === null || found === undefined) return { kind: 'none' };
  const parsed = Proof.safeParse(found);
  return parsed.success ? { kind: 'proof', proof: parsed.data } : { kind: 'foreign' };
}

/** Pure: why a proof does not show that all is well; empty when it does. */
export function proofProblems(read: ReadProof, now: number = Date.now()): string[] {
  switch (read.kind) {
    case 'none':
      return ['No monitor has published anything for this namespace: is the worker running?'];
    case 'foreign':
      return ['The monitor that published is of another version than what reads it: use both from one release.'];
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
    const who =
      proof.diverging === 1 ? '1 execution differs' : `${proof.diverging.toLocaleString('en')} executions differ`;
    problems.push(`${who} from Temporal and could not be repaired: look with "runledger reconcile --dry-run".`);
  }
  return problems;
}

/** Pure: the namespaces other than these that have unsettled executions and that nobody follows, one sentence each. */
export function unprovenProblems(unproven: UnprovenNamespace[], namespaces: readonly string[]): string[] {
  return unproven.filter(({ namespace }) => !namespaces.includes(namespace)).map((one) => unprovenProblem(one));
}

/** Pure: that a namespace has unsettled executions and nobody follows it, and what to do. */
export function unprovenProblem({ namespace: name, provedAt }: UnprovenNamespace, now: number = Date.now()): string {
  const last = provedAt
    ? `its last proof was published ${formatDuration(now - Date.parse(provedAt))} ago`
    : 'no proof of it was ever published';
  return `The namespace ${name} has unsettled executions and no monitor: ${last}. Start a worker with TEMPORAL_NAMESPACE=${name}, or end them: runledger end --lost -n ${name}.`;
}
