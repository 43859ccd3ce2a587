import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SqlDatabase } from '@runledger/local-stack';

const TABLES = `select relname as name from pg_class where relnamespace = 'runledger'::regnamespace and relkind = 'r' order by relname`;

/** Every row as it is, as a dump of the data is restored: no trigger counts it again. Both servers run on this machine. */
export async function carryOver(from: SqlDatabase, to: SqlDatabase): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'runledger-carry-over-'));
  // The servers write and read the files, under an account of their own.
  await chmod(folder, 0o777);
  try {
    const tables = (await from.query<{ name: string }>(TABLES)).map(({ name }) => name);
    await from.transaction(async (session) => {
      await session.exec('set transaction isolation level repeatable read');
      for (const table of tables) await session.query(`copy runledger.${table} to '${join(folder, table)}'`);
    });
    await to.transaction(async (session) => {
      await session.exec('set local session_replication_role = replica');
      for (const table of tables) {
        await session.query(`delete from runledger.${table}`);
        await session.query(`copy runledger.${table} from '${join(folder, table)}'`);
      }
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The transaction id that comes next. */
export async function nextTransactionId(db: SqlDatabase): Promise<number> {
  const [row] = await db.query<{ id: string }>('select pg_snapshot_xmax(pg_current_snapshot())::text as id');
  return Number(row?.id);
}

/** Uses up transaction ids until that one comes next; a hundred thousand a second or so. */
export async function useUpTransactionIds(db: SqlDatabase, upTo: number): Promise<void> {
  const left = upTo - (await nextTransactionId(db));
  if (left > 0)
    await db.query(`do $$ begin for i in 1..${left} loop perform pg_current_xact_id(); commit; end loop; end $$`);
}
