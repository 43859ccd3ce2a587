import type { SqlDatabase } from './sql-database.ts';

/** What PostgREST reads of a database when it loads its configuration and schema cache. */
export type ApiLimits = {
  /** Settings of a transaction under this role, as `alter role … set` has them; the authenticator's where it has none. */
  settingsOf(role: string): TransactionSetting[];
  /** Settings that a function has for its whole transaction (`db-hoisted-tx-settings`). */
  settingsOfFunction(name: string): TransactionSetting[];
  /** Whether a function answers rows, which are counted, rather than one value. */
  returnsRows(name: string): boolean;
};

export type TransactionSetting = { name: string; value: string };

/** Of the settings that PostgREST takes over, those that limit how long a caller waits. */
const SETTINGS = ['statement_timeout', 'lock_timeout'];

/** Of a role in this database, else in all of them. PostgREST, docs/references/transactions.rst, "Impersonated Role Settings". */
const ROLE_SETTINGS = `
select distinct on (r.rolname, name) r.rolname as of, split_part(c.setting, '=', 1) as name, split_part(c.setting, '=', 2) as value
  from pg_db_role_setting s
  join pg_roles r on r.oid = s.setrole
  cross join lateral unnest(s.setconfig) c (setting)
 where s.setdatabase in (0, (select d.oid from pg_database d where d.datname = current_database()))
   and split_part(c.setting, '=', 1) = any ($1)
 order by r.rolname, name, s.setdatabase desc`;

/** PostgREST, docs/references/transactions.rst, "Function Settings": hoists statement_timeout unless configured otherwise. */
const FUNCTIONS = `
select p.proname as name, p.proretset as rows,
       (select split_part(c.setting, '=', 2) from unnest(p.proconfig) c (setting) where c.setting like 'statement\\_timeout=%') as timeout
  from pg_proc p join pg_namespace n on n.oid = p.pronamespace where n.nspname = any ($1)`;

export async function readApiLimits(database: SqlDatabase, schemas: string[]): Promise<ApiLimits> {
  const settings = await database.query<TransactionSetting & { of: string }>(ROLE_SETTINGS, [SETTINGS]);
  const functions = await database.query<{ name: string; rows: boolean; timeout: string | null }>(FUNCTIONS, [schemas]);
  const byRole = Map.groupBy(settings, ({ of }) => of);
  const rowsOf = new Set(functions.flatMap(({ name, rows }) => (rows ? name : [])));
  const timeouts = new Map(functions.flatMap(({ name, timeout }) => (timeout === null ? [] : [[name, timeout]])));
  return {
    settingsOf(role) {
      const own = byRole.get(role) ?? [];
      const inherited = (byRole.get('authenticator') ?? []).filter(({ name }) => !own.some((one) => one.name === name));
      return [...own, ...inherited].map(({ name, value }) => ({ name, value }));
    },
    settingsOfFunction(name) {
      const value = timeouts.get(name);
      return value === undefined ? [] : [{ name: 'statement_timeout', value }];
    },
    returnsRows: (name) => rowsOf.has(name),
  };
}
