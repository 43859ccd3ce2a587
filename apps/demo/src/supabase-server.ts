/** The process of the embedded Supabase API on PGlite. */
import { startSupabase } from '@runledger/local-stack';
import { readSupabaseEnv } from './env.ts';

const { dataDir, port, keys } = readSupabaseEnv();
const supabase = await startSupabase({ database: { kind: 'pglite', dataDir }, port, ...keys });
let stopping = false;
for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.on(signal, async () => {
    if (stopping) return;
    stopping = true;
    await supabase.stop();
    process.exit(0);
  });
}
console.log(JSON.stringify({ msg: 'ready', url: supabase.url }));
