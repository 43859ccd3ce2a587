import { startPostgres } from '@runledger/local-stack';
import { expect, test } from 'vitest';
import { createDraw } from '../draw.ts';
import { carryOver, nextTransactionId, useUpTransactionIds } from './carry-over.ts';
import { checkCounting } from './check.ts';
import { foldAll, furnish, openLedgerToCount } from './ledger-to-count.ts';
import { workFor } from './workforce.ts';

const FAR = 100_000;
const WITHOUT_FOLDER = { writers: 3, folders: 0 };

const CLUSTERS: [string, { old: number; fresh(old: number): number }][] = [
  // The new cluster passes the old one's bound before anybody folds.
  ['a little below', { old: FAR, fresh: (old) => old - 50 }],
  ['far above', { old: 0, fresh: (old) => old + FAR }],
  ['far below', { old: FAR, fresh: () => 0 }],
];

test.each(CLUSTERS)(
  'counters move to a cluster whose transaction ids are %s, folded and unfolded ones',
  async (_, ids) => {
    await using stack = new AsyncDisposableStack();
    const [oldServer, newServer] = [
      stack.use(await startPostgres({ version: 17 })),
      stack.use(await startPostgres({ version: 17 })),
    ];
    const old = stack.use(await openLedgerToCount(oldServer.url()));
    const fresh = stack.use(await openLedgerToCount(newServer.url()));
    const draw = createDraw(1);
    const isExact = async (db: typeof old) => {
      const { differences, verifyDifferences, cells, tail } = await checkCounting(db);
      expect({ differences, verifyDifferences }).toEqual({ differences: [], verifyDifferences: 0 });
      return { cells, tail };
    };
    await useUpTransactionIds(old, ids.old);
    await furnish(old);
    let before = { cells: 0, tail: 0 };
    // A busy machine counts less in the same time.
    while (Math.min(before.cells, before.tail) <= 20) {
      await workFor(2_000, oldServer.url(), draw, { writers: 3, folders: 1 });
      await workFor(700, oldServer.url(), draw, WITHOUT_FOLDER);
      before = await isExact(old);
    }

    await useUpTransactionIds(fresh, ids.fresh(await nextTransactionId(old)));
    await carryOver(old, fresh);
    expect(await isExact(fresh)).toEqual(before);
    await workFor(1_200, newServer.url(), draw, WITHOUT_FOLDER);
    expect((await isExact(fresh)).tail).toBeGreaterThan(before.tail);
    await foldAll(fresh);
    expect((await isExact(fresh)).tail).toBe(0);
    await workFor(1_000, newServer.url(), draw, { writers: 3, folders: 1 });
    await isExact(fresh);
  },
);
