import type { ProofReader } from '@runledger/contracts';
import { Proof } from '@runledger/contracts';

/** `foreign`: there is one, of a monitor of another version than this command, which cannot read it. */
export type ReadProof = { kind: 'proof'; proof: Proof } | { kind: 'none' } | { kind: 'foreign' };

/** @throws ExecutionError `ledger_unavailable`, `permission_denied` */
export async function readProof(ledger: ProofReader, namespace: string): Promise<ReadProof> {
  const found = await ledger.getProof(namespace);
  if (!found) return { kind: 'none' };
  const parsed = Proof.safeParse(found);
  return parsed.success ? { kind: 'proof', proof: parsed.data } : { kind: 'foreign' };
}
