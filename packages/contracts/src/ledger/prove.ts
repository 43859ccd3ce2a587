import type { LedgerFigures, OwnFigures, Proof, UnprovenNamespace } from '../proof.ts';

/** Takes the proof of a monitor. */
export interface ProofLedger {
  /** What the database counts for the proof. */
  figures(namespace: string): Promise<LedgerFigures>;
  publishProof(namespace: string, proof: Proof): Promise<void>;
}

/** Tells the proof that a monitor published. */
export interface ProofReader {
  getProof(namespace: string): Promise<Proof | null>;
}

/** Tells a user how well their own executions are followed. */
export interface OwnProofReader extends ProofReader {
  /** The unsettled executions of one user, counted. */
  ownFigures(userId: string, namespace: string): Promise<OwnFigures>;
}

/** Tells operators of all namespaces. */
export interface NamespaceProofReader {
  /** What monitors published last, by the namespaces' names; those that only have watermarks have `null`. */
  namespaceProofs(): Promise<{ namespace: string; proof: unknown }[]>;
}

/** Names what nobody follows. */
export interface UnprovenLedger {
  /** Namespaces with unsettled executions that nobody follows. */
  unprovenNamespaces(): Promise<UnprovenNamespace[]>;
}

/** Tells whether the database answers. */
export interface PingLedger {
  /** @throws `ledger_unavailable`, `schema_outdated` */
  ping(): Promise<void>;
}
