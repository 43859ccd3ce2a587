import type { SqlSession } from '@runledger/local-stack';
import { testedKinds } from '@runledger/local-stack';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buffersRead } from '../buffers-read.ts';
import type { LedgerDatabase } from '../ledger-database.ts';
import { openLedger } from '../ledger-database.ts';

/** What a question may read, in buffers of 8 KB, whatever the number of executions. */
const QUESTIONS: Record<string, { sql: string; atMost: number }> = {
  'thirty days': { sql: 'select * from runledger.get_execution_stats(p_from => $1, p_to => $2)', atMost: 100 },
  'thirty days and those before': {
    sql: 'select * from runledger.get_execution_stats(p_from => $1, p_to => $2, p_with_previous => true)',
    atMost: 150,
  },
  'days of UTC': { sql: 'select * from runledger.get_execution_series(p_from => $1, p_to => $2)', atMost: 100 },
  'days of another zone': {
    sql: `select * from runledger.get_execution_series(p_from => $1, p_to => $2, p_time_zone => 'Asia/Kathmandu')`,
    atMost: 400,
  },
  'top workflows': { sql: 'select * from runledger.get_top_workflows(p_from => $1, p_to => $2)', atMost: 400 },
  'top failures': { sql: 'select * from runledger.get_top_failures(p_from => $1, p_to => $2)', atMost: 150 },
  'lifetime counters': { sql: 'select * from runledger.get_workflow_counters() where $1 < $2', atMost: 80 },
  'run count': { sql: `select runledger.get_user_workflow_run_count($3) where $1 < $2`, atMost: 40 },
};

describe.each(testedKinds('postgres-15', 'postgres-17'))('on %s', (kind) => {
  let ledger: LedgerDatabase;
  let window: string[];

  /** Executions of Ada in twenty workflows, four in five folded already: their deltas, as the trigger leaves them. */
  async function add(executions: number) {
    const { db, ada } = ledger;
    const deltas = (n: number) =>
      db.query(
        `insert into runledger.execution_deltas (created_by, workflow_id, hour, new_status, new_duration_ms, new_queue_ms, new_failure_group, failure_shape)
         select $1, ('00000000-0000-7000-8000-' || lpad((g % 20)::text, 12, '0'))::uuid,
                date_trunc('hour', now() - (g * 7 % 1440) * interval '1 hour', 'UTC'),
                case when g % 10 = 0 then 'failed' else 'completed' end, (g * 7919 % 600000), g % 900,
                case when g % 10 = 0 then lpad(to_hex(g % 7), 16, '0') end, 'CardError'
           from generate_series(1, $2::int) g`,
        [ada.id, n],
      );
    // In parts: cells that were written anew lie more apart than those of a first fold.
    for (let part = 0; part < 4; part += 1) {
      await deltas(executions / 4);
      await db.query('select runledger.fold_execution_stats(1000000)');
      if (part === 3) await deltas(100);
      await db.exec('vacuum (analyze) runledger.execution_stats');
      await db.exec('vacuum (analyze) runledger.execution_label_stats');
      await db.exec('vacuum (analyze) runledger.execution_deltas');
    }
  }

  const asAda = <R>(work: (db: SqlSession) => Promise<R>) => ledger.db.as('authenticated', ledger.ada.id, work);
  const params = (sql: string) => (sql.includes('$3') ? [...window, ledger.ada.id] : sql.includes('$1') ? window : []);

  const buffersOf = (db: SqlSession, sql: string) => buffersRead(db, sql, params(sql), { before: 6 });

  const all = () =>
    Promise.all(
      Object.entries(QUESTIONS).map(
        async ([name, { sql }]) => [name, await asAda((db) => buffersOf(db, sql))] as const,
      ),
    );

  let small: Map<string, number>;
  let large: Map<string, number>;
  beforeAll(async () => {
    ledger = await openLedger(kind);
    const [row] = await ledger.db.query<{ from: string; to: string }>(
      `select date_trunc('day', now(), 'UTC') - interval '29 days' as from, date_trunc('day', now(), 'UTC') + interval '1 day' as to`,
    );
    window = [row?.from ?? '', row?.to ?? ''];
    await add(10_000);
    small = new Map(await all());
    await add(40_000);
    large = new Map(await all());
  });
  afterAll(() => ledger?.db.close());

  test.each(Object.entries(QUESTIONS))('%s reads a bounded number of buffers', (name, { atMost }) => {
    expect(large.get(name)).toBeLessThanOrEqual(atMost);
  });

  test('five times the executions cost no more to count', () => {
    for (const [name, buffers] of large) {
      const before = small.get(name) ?? 0;
      expect({ name, grew: buffers > 1.5 * before + 20 }).toEqual({ name, grew: false });
    }
  });

  test('a fold goes to the cells that it changes, and through no others', async () => {
    const scanned = await ledger.db.transaction(async (db) => {
      await db.query(
        `insert into runledger.execution_deltas (created_by, workflow_id, hour, new_status)
           select $1, ('00000000-0000-7000-8000-' || lpad((g % 20)::text, 12, '0'))::uuid, date_trunc('hour', now(), 'UTC'), 'running'
             from generate_series(1, 100) g`,
        [ledger.ada.id],
      );
      const [fold] = await db.query<{ n: number }>('select runledger.fold_execution_stats() as n');
      expect(fold?.n).toBeGreaterThanOrEqual(100);
      const [row] = await db.query<{ scanned: number }>(
        `select seq_tup_read::int as scanned from pg_stat_xact_user_tables where relid = 'runledger.execution_stats'::regclass`,
      );
      return row?.scanned;
    });
    expect(scanned).toBe(0);
  });

  test('a fold with nothing to fold reads a bounded number of buffers', async () => {
    const fold = 'select runledger.fold_execution_stats()';
    expect(await ledger.db.as('service_role', null, (db) => buffersOf(db, fold))).toBeLessThanOrEqual(60);
  });

  test('no statistic reads the executions', async () => {
    for (const [name, { sql }] of Object.entries(QUESTIONS)) {
      if (name === 'top failures') continue; // It looks up the first and last of each kind.
      const read = await asAda(async (db) => {
        await db.query(sql, params(sql));
        const [row] = await db.query<{ n: number }>(
          `select pg_stat_get_xact_blocks_fetched('runledger.workflow_executions'::regclass)::int as n`,
        );
        return row?.n;
      });
      expect({ name, read }).toEqual({ name, read: 0 });
    }
  });
});
