import type { Installation, InstallationLedger } from '@runledger/contracts';
import type { CallOptions } from './call-database.ts';
import { callDatabase } from './call-database.ts';
import type { Supabase } from './supabase.ts';

/** The schema that this package needs; see `runledger_schema_version()`. */
const SCHEMA_VERSION = 5;

interface InstallationRow {
  schema_version: number;
  postgres: string;
  statement_timeout_ms: number;
  user_source: {
    source: string;
    key_columns: string[];
    auth_user_column: string | null;
    left_column: string | null;
    silent_triggers: string[];
  } | null;
  task_queues: { namespace: string; task_queue: string; workflows: number }[];
}

/** How the database and its API are set up. */
export function createInstallation(supabase: Supabase, call: CallOptions): InstallationLedger {
  return {
    async schemaVersions() {
      const schemaVersion = await callDatabase(() => supabase.rpc('runledger_schema_version'), { ...call, retries: 0 });
      return { schemaVersion, neededSchemaVersion: SCHEMA_VERSION };
    },

    async installation(): Promise<Installation> {
      const answer = await callDatabase(() => supabase.rpc('installation'), call);
      const row = answer as unknown as InstallationRow;
      return {
        schemaVersion: row.schema_version,
        neededSchemaVersion: SCHEMA_VERSION,
        postgres: row.postgres,
        statementTimeoutMs: row.statement_timeout_ms,
        userSource: row.user_source && {
          source: row.user_source.source,
          keyColumns: row.user_source.key_columns,
          authUserColumn: row.user_source.auth_user_column,
          leftColumn: row.user_source.left_column,
          silentTriggers: row.user_source.silent_triggers,
        },
        taskQueues: row.task_queues.map(({ namespace, task_queue, workflows }) => ({
          namespace,
          taskQueue: task_queue,
          workflows,
        })),
      };
    },

    async rowLimit(rows) {
      const answer = await callDatabase(() => supabase.rpc('number_rows', { p_rows: rows }), call);
      return (answer as unknown as number[]).length;
    },
  };
}
