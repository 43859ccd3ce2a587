import type { ProofReader, ReadProof } from '@runledger/contracts';
import { readProofOf } from '@runledger/contracts';

/** @throws ExecutionError `ledger_unavailable`, `permission_denied` */
export async function readProof(ledger: ProofReader, namespace: string): Promise<ReadProof> {
  return readProofOf(await ledger.getProof(namespace));
}
