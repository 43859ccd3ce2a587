/** One rule of Supabase's linter, as a query of our own over the catalogs. */
export interface Lint {
  /** Its number there: https://supabase.github.io/splinter */
  rule: string;
  /** What it would find; ends the sentence "there is no …". */
  finds: string;
  why: string;
  /** One row per finding, whose column `found` names it. */
  query: string;
  /** SQL that breaks the rule with something called "planted", so that a query which finds nothing is a query that can find. */
  planted: string;
}

/** Of `pg_namespace n`: what migrations may create things in. The rest is the platform's. */
export const OURS = `n.nspname !~ '^pg_' and n.nspname not in ('information_schema', 'auth', 'cron', 'extensions',
  'graphql', 'graphql_public', 'net', 'realtime', 'storage', 'supabase_functions', 'supabase_migrations', 'vault')`;

/** Of `pg_namespace n`: what the Data API shows to the world. */
export const IN_THE_API = `n.nspname in ('public', 'runledger')`;

/** Of `pg_class c`: whoever holds the public key, or any account, reads at least one column of it. */
export const READ_BY_USERS = `(has_any_column_privilege('anon', c.oid, 'select')
  or has_any_column_privilege('authenticated', c.oid, 'select'))`;

/** Of `pg_class c`: a view that reads with the rights of who asks. */
export const ASKS_AS_THE_CALLER = `coalesce(c.reloptions, '{}') && array['security_invoker=on', 'security_invoker=true',
  'security_invoker=yes', 'security_invoker=1']`;
