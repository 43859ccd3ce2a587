import type { ProofFigures } from '@runledger/client/react';
import { useRunledger } from '@runledger/client/react';
import { HEALTHS } from '@runledger/contracts/healths';
import { useQuery } from '@tanstack/react-query';
import { listHref } from '../pages/executions/list-address.ts';
import { of } from '../session/scope.ts';
import { PROOF_EVERY_MS, useProof } from './proof-chip.tsx';

/** Figures of the executions that are compared with Temporal, and the list of exactly those, where there is one. */
export interface Followed extends ProofFigures {
  href: string | null;
}

/** What is followed of whatever the page shows: of the reader's own, or of everybody's; `null` until that has been read. */
export function useFollowed(): Followed | null {
  const { trpc } = useRunledger();
  const { data: proof } = useProof();
  const { data: namespaces } = useQuery({
    ...trpc.system.getNamespaces.queryOptions(),
    refetchInterval: PROOF_EVERY_MS,
    enabled: of === 'everyone',
  });
  if (of === 'everyone') {
    if (!namespaces) return null;
    const proofs = namespaces.flatMap((one) => one.proof ?? []);
    const sum = (count: (of: (typeof proofs)[number]) => number) => proofs.reduce((all, one) => all + count(one), 0);
    return {
      open: sum(({ open }) => open),
      isCapped: false,
      differ: sum(({ diverging }) => diverging),
      oldestCheckAgeMs: oldest(proofs.map(({ oldestCheckAgeMs }) => oldestCheckAgeMs)),
      href: hrefOf(sum(({ unchecked }) => unchecked)),
    };
  }
  if (!proof) return null;
  const { open, capped, oldestCheckAgeMs, unchecked } = proof.own;
  return { open, isCapped: capped, differ: null, oldestCheckAgeMs, href: hrefOf(unchecked) };
}

/** By their health, which nothing has that runs without Temporal; nor what nobody has looked at so far, which no list shows alone. */
const hrefOf = (unchecked: number) => (unchecked === 0 ? listHref({ health: [...HEALTHS] }) : null);

const oldest = (ages: (number | null)[]) => {
  const known = ages.filter((age) => age !== null);
  return known.length === 0 ? null : Math.max(...known);
};
