/** Which table users come from, and what does not tell of it. */
export interface UserSource {
  source: string;
  keyColumns: string[];
  authUserColumn: string | null;
  leftColumn: string | null;
  /** Triggers that are missing or disabled: users come, change or leave unnoticed until the next sync. */
  silentTriggers: string[];
}

/** The version of the schema in the database, and the one that this package was made for. Newer in the database is fine, older is not. */
export interface SchemaVersions {
  schemaVersion: number;
  neededSchemaVersion: number;
}

/** What somebody's database and API are like, as far as the ledger depends on it. */
export interface Installation extends SchemaVersions {
  /** The version of the server. */
  postgres: string;
  /** How long a statement of the service role may take; 0: as long as it likes. */
  statementTimeoutMs: number;
  /** `null`: users are not followed. */
  userSource: UserSource | null;
  /** Those of workflows that can be started, the most used first, at most 100. */
  taskQueues: { namespace: string; taskQueue: string; workflows: number }[];
}

/** Reads nothing but the version, which a schema of any age tells. */
export interface SchemaLedger {
  /** @throws `ledger_unavailable`; `schema_outdated` where the database, or what its API serves, has no ledger */
  schemaVersions(): Promise<SchemaVersions>;
}

export interface InstallationLedger extends SchemaLedger {
  installation(): Promise<Installation>;
  /** How many of this many rows (at most 1,000) an answer of the API has: fewer are its `max-rows`. */
  rowLimit(rows: number): Promise<number>;
}
