/** The process of the Supabase API, over a database that goes away now and then. */
import { startSupabase } from '@runledger/local-stack';
import { readSupabaseEnv } from './env.ts';

const env = readSupabaseEnv();
const supabase = await startSupabase({
  database: { kind: 'postgres', url: env.DATABASE_URL },
  port: env.PORT,
  jwtSecret: env.JWT_SECRET,
  publishableKey: env.PUBLISHABLE_KEY,
  secretKey: env.SECRET_KEY,
});
for (const signal of ['SIGTERM', 'SIGINT'] as const)
  process.once(signal, () => supabase.stop().then(() => process.exit(0)));
console.log(JSON.stringify({ msg: 'ready', url: supabase.url }));
