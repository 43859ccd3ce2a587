/** The process of the ledger's API: Supabase Lite over a Postgres that runs elsewhere. */
import { startSupabase } from '@runledger/local-stack';
import type { LedgerServerOptions } from './ledger.ts';

const options = JSON.parse(process.argv[2] ?? '{}') as LedgerServerOptions;
const supabase = await startSupabase({
  ...options.keys,
  database: { kind: 'postgres', url: options.databaseUrl },
  port: options.port,
});
process.on('disconnect', () => process.exit());
process.send?.('ready');
void supabase;
