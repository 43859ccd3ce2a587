/** The process of the ledger's API: Supabase Lite over a Postgres that runs elsewhere. */
import { setFlagsFromString } from 'node:v8';
import { startSupabase } from '@runledger/local-stack';
import type { LedgerServerOptions } from './ledger.ts';

// PostgREST, in whose place it stands, keeps no payload of megabytes in a heap that is collected: here it is collected as seldom as
// that of the API is.
setFlagsFromString('--heap-growing-percent=200');
setFlagsFromString('--external-memory-accounted-in-global-limit');

const options = JSON.parse(process.argv[2] ?? '{}') as LedgerServerOptions;
const supabase = await startSupabase({
  ...options.keys,
  database: { kind: 'postgres', url: options.databaseUrl },
  port: options.port,
});
process.on('disconnect', () => process.exit());
process.send?.('ready');
void supabase;
