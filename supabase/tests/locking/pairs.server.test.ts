import type { SqlDatabase } from '@runledger/local-stack';
import { inCi, openPostgres, testedKinds } from '@runledger/local-stack';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { LedgerDatabase } from '../ledger-database.ts';
import { openLedger } from '../ledger-database.ts';
import { orphansIn } from '../orphans.ts';
import type { KeptWorld } from './world.ts';
import { keepWorld } from './world.ts';
import type { World, Writer } from './writers.ts';
import { functions, shuffled, statements } from './writers.ts';

const writers = { ...functions, ...statements };
const names = Object.keys(writers);
const DEADLOCK = '40P01';
/** How often each of a pair calls. */
const ROUNDS = 2;

/** Itself and all that come after it: on Postgres 17 in CI. Versions lock alike, so on the other one, and outside CI, it is some of these. */
function partnersOf(name: string, kind: SqlDatabase['kind']): string[] {
  const later = names.slice(names.indexOf(name) + 1);
  const some = shuffled(later).slice(0, inCi(6, 2));
  return [name, ...(kind === 'postgres-17' ? inCi(later, some) : some)];
}

/** What others did to the rows meanwhile: they are gone, or owned by somebody else, or another prune is under way. */
const isAnswer = (code: string) => code.startsWith('PT') || code === '23503';

describe.each(testedKinds('postgres-15', 'postgres-17'))('on %s', (kind) => {
  let ledger: LedgerDatabase;
  let db: SqlDatabase;
  let world: World;
  let putBack: KeptWorld['putBack'];
  let changed: KeptWorld['changed'];
  beforeAll(async () => {
    ledger = await openLedger(kind, { compatibility: true });
    // Whoever waits in a circle is told at once instead of after a second.
    await ledger.db.exec(
      `do $$ begin execute format('alter database %I set deadlock_timeout = ''20ms''', current_database()); end $$`,
    );
    db = await openPostgres(ledger.db.url as string, { max: names.length });
    ({ world, putBack, changed } = await keepWorld(db));
  });
  // What `putBack` deletes stays where it was, and is read past: after 600 times it takes twice as long.
  beforeEach(() => db.exec('vacuum'));
  afterAll(async () => {
    await db?.close();
    await ledger?.db.close();
  });

  /** The errors of a writer that calls some times, each with its name. */
  async function errorsOf(name: string, rounds: number): Promise<string[]> {
    const errors: string[] = [];
    for (let round = 0; round < rounds; round++)
      await (writers[name] as Writer)(db, world).catch((error: { code?: string; message: string; where?: string }) => {
        if (!isAnswer(error.code ?? '')) errors.push(`${name}: ${error.code} ${error.message} ${error.where ?? ''}`);
      });
    return errors;
  }

  test('the list has every function that writes', async () => {
    const rows = await db.query<{ name: string }>(
      `select distinct p.proname as name from pg_proc p
        where p.pronamespace in ('runledger'::regnamespace, 'public'::regnamespace) and p.provolatile = 'v' and p.prorettype <> 'trigger'::regtype order by 1`,
    );
    const found = rows.map(({ name }) => name);
    // A document of a function's rows is that function.
    const isTwin = (name: string) => name.endsWith('_document') && found.includes(name.replace(/_document$/, ''));
    expect(Object.keys(functions).toSorted()).toEqual(found.filter((name) => !isTwin(name)));
  });

  test('each pair begins with the same rows, whatever was written before', async () => {
    for (const name of shuffled(names)) await errorsOf(name, 1);
    expect(await changed()).toContain('runledger.workflow_executions');
    await putBack();
    expect(await changed()).toEqual([]);
  });

  test.each(names)('%s waits in a circle with no other writer, itself included', async (name) => {
    const errors: string[] = [];
    for (const other of partnersOf(name, kind)) {
      await putBack();
      const both = await Promise.all([errorsOf(name, ROUNDS), errorsOf(other, ROUNDS)]);
      errors.push(...both.flat().map((error) => `with ${name === other ? 'itself' : other}: ${error}`));
    }
    expect(errors).toEqual([]);
  });

  test('all writers at once wait in no circle, and leave nothing of an execution that is gone', async () => {
    const errors: string[] = [];
    const orphans: string[] = [];
    for (let time = 0; time < inCi(10, 5); time++) {
      await putBack();
      errors.push(...(await Promise.all(shuffled(names).map((name) => errorsOf(name, ROUNDS)))).flat());
      orphans.push(...(await orphansIn(db)));
    }
    expect(errors.filter((error) => error.includes(DEADLOCK))).toEqual([]);
    expect(errors).toEqual([]);
    expect(orphans).toEqual([]);
  });
});
