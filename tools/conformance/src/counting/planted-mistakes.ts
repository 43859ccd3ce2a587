import type { SqlSession } from '@runledger/local-stack';

const defined = async (db: SqlSession, name: string): Promise<string> => {
  const [row] = await db.query<{ sql: string }>('select pg_get_functiondef($1::regproc) as sql', [name]);
  return row?.sql ?? '';
};

/** Ways to count that look right. The kit has to find out each. */
export const PLANTED_MISTAKES = {
  /** Whoever is still at work has an older id, and is passed over. */
  async 'newest id as watermark'(db: SqlSession): Promise<void> {
    const sql = await defined(db, 'runledger.fold_execution_stats');
    const planted = sql.replace('pg_snapshot_xmin(pg_current_snapshot())', 'pg_snapshot_xmax(pg_current_snapshot())');
    if (planted === sql) throw new Error('fold_execution_stats does not say where the mistake could be planted.');
    await db.exec(planted);
  },
  /** A delta that is there before the change, and after a roll-back. */
  async 'delta outside the transaction'(db: SqlSession, url: string): Promise<void> {
    const { hostname, port, username, password, pathname } = new URL(url);
    const other = `host=${hostname} port=${port} user=${username} password=${password} dbname=${pathname.slice(1)} options='-c runledger.outside=on'`;
    await db.exec(`
      create extension if not exists dblink with schema extensions;
      create function runledger_private.write_outside() returns trigger language plpgsql set search_path = '' as $fn$
      begin
        if current_setting('runledger.outside', true) = 'on' then return new; end if;
        perform extensions.dblink_exec(${`'${other.replaceAll("'", "''")}'`}, format(
          'insert into runledger.execution_deltas select (jsonb_populate_record(null::runledger.execution_deltas, %L)).*', to_jsonb(new)));
        return null;
      end $fn$;
      create trigger write_outside before insert on runledger.execution_deltas
        for each row execute function runledger_private.write_outside()`);
  },
} satisfies Record<string, (db: SqlSession, url: string) => Promise<void>>;

export type PlantedMistake = keyof typeof PLANTED_MISTAKES;
