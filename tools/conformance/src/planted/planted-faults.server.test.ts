import { fileURLToPath } from 'node:url';
import { test } from 'vitest';
import { expects } from '../kinds/expectation.ts';
import type { Kind } from '../kinds/kind.ts';
import { KINDS } from '../kinds/kinds.ts';
import { run } from '../run.ts';

const workerMain = fileURLToPath(new URL('./worker.ts', import.meta.url));

/** A run whose only worker has this fault. */
const runWith = (planted: string, kinds: readonly Kind[], executions: number) =>
  run({
    ...{ executions, kinds, workerMain, workers: 1, faults: 0, settleMs: 6_000 },
    workerEnv: { PLANTED: planted },
    timelines: false,
    keep: false,
  });

const named = (name: string) => KINDS.filter((kind) => kind.name === name);

/** Ends long after the worker has died and come back. */
const outlives: Kind = {
  name: 'outlives the worker',
  async drive(driver) {
    const chain = await driver.startByApi('plain', [{ do: 'sleep', ms: 20_000 }]);
    return [expects(chain, 'completed')];
  },
};

// Most of a run is waiting, so they run beside each other, each with servers and processes of its own.
test.concurrent('a resolver that takes a reset for an end is found out', async ({ expect }) => {
  const report = await runWith('reset is an end', named('reset while running'), 2);
  expect(report.byKind).toMatchObject({ 'reset while running': { executions: 2, wrong: 2, unintended: 0 } });
  expect(report.differences).toContainEqual(
    expect.objectContaining({ what: 'status', ledger: 'terminated', engine: 'completed' }),
  );
});

test.concurrent('a watermark that is saved ahead of the commit is found out, and is what it takes', async ({
  expect,
}) => {
  const kinds = [...named('completed'), outlives];
  const [right, wrong] = await Promise.all([runWith('nothing', kinds, 4), runWith('watermark ahead', kinds, 4)]);
  expect(right).toMatchObject({ differences: [], exits: [] });
  expect(wrong.byKind).toMatchObject({ 'outlives the worker': { executions: 2, unsettled: 2, unintended: 0 } });
  expect(wrong.exits).toHaveLength(1);
});
