import { randomUUID } from 'node:crypto';
import type { UnsettledExecution } from '@runledger/contracts';
import { inCi } from '@runledger/local-stack';
import fc from 'fast-check';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createFakeChain } from '../fixtures/fake-chain.ts';
import type { LedgerFixture } from '../fixtures/ledger-fixture.ts';
import { startLedgerFixture } from '../fixtures/ledger-fixture.ts';
import { createRecorder } from './recorder.ts';
import { createSettle } from './settle.ts';

let fixture: LedgerFixture;
beforeAll(async () => {
  fixture = await startLedgerFixture();
});
afterAll(() => fixture?.[Symbol.asyncDispose]());

const logger = pino({ level: 'silent' });

/** What happens, in the order of each side: the workers report, the engine closes, resets and closes again. */
const REPORTS = ['report completed', 'report failed'] as const;
const ENGINE = [
  ['close failed', 'reset', 'close completed'],
  ['reset', 'close completed'],
  ['close completed'],
  ['close terminated', 'reset', 'close terminated'],
  ['close failed', 'reset'],
  [],
] as const satisfies string[][];
type Happening = (typeof REPORTS)[number] | (typeof ENGINE)[number][number];

/** What the monitor does after a happening. */
const LOOKS = [
  'nothing',
  'look',
  /** The report is too young to be taken back. */
  'look early',
  /** The engine is asked before the next happening, and its answer heard only after it. */
  'look across',
] as const;
type Look = (typeof LOOKS)[number];

/** All orders in which two sequences can be mixed. */
function mixed<T>(a: readonly T[], b: readonly T[]): T[][] {
  const [firstOfA, ...restOfA] = a;
  const [firstOfB, ...restOfB] = b;
  if (firstOfA === undefined) return [[...b]];
  if (firstOfB === undefined) return [[...a]];
  return [
    ...mixed(restOfA, b).map((rest) => [firstOfA, ...rest]),
    ...mixed(a, restOfB).map((rest) => [firstOfB, ...rest]),
  ];
}

const ORDERS: Happening[][] = ENGINE.flatMap((engine) =>
  [REPORTS, REPORTS.toReversed()].flatMap((reports) => mixed<Happening>(reports, engine)),
);

/** Of each look outside CI. */
const SOME = { minLength: 9, maxLength: 9 };

/** Plays it against the real ledger, and compares what stands at the end with the engine. */
async function play(order: readonly Happening[], looks: readonly Look[]): Promise<void> {
  const { ledger, service } = fixture;
  const chain = createFakeChain();
  const recorder = createRecorder({ ledger, logger });
  const late = createSettle({ recorder, logger, reportGraceMs: -1 })(chain.engine);
  const early = createSettle({ recorder, logger, reportGraceMs: 60_000 })(chain.engine);
  const { id } = await fixture.running('run-1');
  const followed = async () => (await ledger.story(id))?.followed as UnsettledExecution;
  const reports: { reportId: string; mark: 'markCompleted' | 'markFailed'; result: string }[] = [];

  async function happen(what: Happening): Promise<void> {
    if (what === 'reset') return chain.reset();
    if (what.startsWith('close')) return chain.close(what.slice(6) as 'completed' | 'failed' | 'terminated');
    const mark = what === 'report completed' ? 'markCompleted' : 'markFailed';
    const reportId = randomUUID();
    const { result } = await service[mark](id, null, 5, { reportId });
    reports.push({ reportId, mark, result });
  }

  const settle = (row: UnsettledExecution, isEarly = false) => (isEarly ? early : late)(row, 'watch');

  for (let n = 0; n < order.length; n += 1) {
    const look = looks[n] ?? 'nothing';
    if (look === 'look across') {
      const open = chain.holdAnswers();
      const looking = settle(await followed());
      await happen(order[n] as Happening);
      open();
      await looking;
      continue;
    }
    await happen(order[n] as Happening);
    if (look !== 'nothing') await settle(await followed(), look === 'look early');
  }
  for (let last = 0; last < 2; last += 1) await settle(await followed());

  const story = await ledger.story(id);
  const ends = (story?.transitions ?? []).filter((end) => end.authority === 'engine' && end.toStatus !== 'running');
  expect(new Set(ends.map((end) => end.runId)).size).toBe(ends.length);
  const resolution = chain.resolution();
  if (resolution.kind === 'closed') {
    const { status, runId } = resolution.outcome;
    expect(story?.execution).toMatchObject({ status, closingRunId: runId, outcomeAuthority: 'engine' });
    expect(ends.at(-1)).toMatchObject({ toStatus: status, runId });
  } else if (resolution.kind === 'open') {
    const { runId } = resolution.open;
    expect(story?.execution).toMatchObject({ status: 'running', currentRunId: runId, completedAt: null });
  }
  for (const { reportId, mark, result } of reports) {
    expect((await service[mark](id, null, 5, { reportId })).result).toBe(result);
  }
}

describe('whatever order reports, closes, resets and looks come in, the ledger ends up saying what the engine says', () => {
  test.each(LOOKS)(
    `${inCi('every order', 'some orders')}, with the monitor doing the same after each happening: %s`,
    async (look) => {
      for (const order of inCi(ORDERS, fc.sample(fc.shuffledSubarray(ORDERS, SOME), { numRuns: 1 }).flat()))
        await play(order, Array(order.length).fill(look));
    },
  );

  test('any order, with the monitor doing anything in between', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...ORDERS),
        fc.array(fc.constantFrom(...LOOKS), { minLength: 5, maxLength: 5 }),
        async (order, looks) => play(order, looks),
      ),
      { numRuns: inCi(60, 10) },
    );
  });
});
