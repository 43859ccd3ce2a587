import type { NamespaceProof, ReadProof, UnprovenNamespace } from '@runledger/contracts';
import { ExecutionError, isStale, proofProblems, readProofOf, unprovenProblem } from '@runledger/contracts';
import type { CallerContext } from './context.ts';

/** What every namespace runs, and how well it is followed. @throws ExecutionError `permission_denied` for whoever is not an operator */
export async function namespaceProofs({ caller, ledger }: CallerContext): Promise<NamespaceProof[]> {
  if (!caller.isOperator)
    throw new ExecutionError(
      'permission_denied',
      'Only operators of this host see what its namespaces run; getProof tells how well your own executions are followed.',
    );
  const [published, unproven] = await Promise.all([ledger.namespaceProofs(), ledger.unprovenNamespaces()]);
  const found = new Map(published.map(({ namespace, proof }) => [namespace, readProofOf(proof)]));
  const names = new Set([...found.keys(), ...unproven.map(({ namespace }) => namespace)]);
  return [...names].sort().map((namespace) =>
    standingOf(
      namespace,
      found.get(namespace) ?? { kind: 'none' },
      unproven.find((one) => one.namespace === namespace),
    ),
  );
}

function standingOf(namespace: string, read: ReadProof, unproven: UnprovenNamespace | undefined): NamespaceProof {
  const proof = read.kind === 'proof' ? read.proof : null;
  if (unproven)
    return {
      ...{ namespace, standing: 'unproven', unprovenSince: unproven.provedAt, proof },
      problems: [unprovenProblem(unproven)],
    };
  const isFollowed = read.kind === 'foreign' || (proof !== null && !isStale(proof));
  return {
    ...{ namespace, standing: isFollowed ? 'followed' : 'idle', unprovenSince: null, proof },
    problems: isFollowed ? proofProblems(read) : [],
  };
}
