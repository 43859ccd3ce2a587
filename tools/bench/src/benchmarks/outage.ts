import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { startTemporal } from '@runledger/local-stack';
import type { Benchmark, Row } from '../benchmark.ts';
import { startFollower } from '../follower.ts';
import type { OpenExecution } from '../follower-protocol.ts';
import { formatMs } from '../format-figure.ts';
import type { BenchLedger } from '../ledger.ts';
import { registerRuns, startRuns } from '../open-executions.ts';
import { portOpen } from '../port-open.ts';
import { untilRecorded } from '../recorded.ts';
import type { Stage } from '../stage.ts';
import { openStage } from '../stage.ts';
import { faultRow } from './fault-row.ts';

/** Executions whose time is up while Temporal is away: it closes them when it is back. */
const EXPIRING = 200;
/** From their start to the middle of the outage. */
const BEFORE_OUTAGE_MS = 10_000;

/** Temporal is killed, and comes back with its file after half a minute. Both followers see the same outage. */
export const outage: Benchmark = {
  name: 'outage',
  about: 'From Temporal’s return after 30 s to the first record, and to that of the last closure missed meanwhile',

  async prepare(settings, say) {
    return {
      run: () => measureOutage(settings.outageSeconds * 1_000, say),
      [Symbol.asyncDispose]: async () => undefined,
    };
  },

  rows({ values, faults }): Row[] {
    const { monitorFirst = 0, monitorLast = 0, naiveFirst = 0, naiveLast = 0 } = values;
    return [
      {
        what: 'Temporal back: first record after',
        measured: formatMs(monitorFirst),
        comparedWith: `naive, SDK default connection ${formatMs(naiveFirst)}`,
        toReach: '≤ 8 s',
        reached: monitorFirst <= 8_000,
      },
      {
        what: 'Temporal back: every missed closure recorded after',
        measured: formatMs(monitorLast),
        comparedWith: `naive ${formatMs(naiveLast)}`,
        toReach: '≤ 15 s',
        reached: monitorLast <= 15_000,
      },
      faultRow('outage of Temporal', faults),
    ];
  },
};

async function measureOutage(awayMs: number, say: (text: string) => void) {
  await using stack = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'runledger-bench-'));
  stack.defer(() => rm(folder, { recursive: true, force: true }));
  const dbFilename = join(folder, 'temporal.db');
  const stage = stack.use(await openStage({ dbFilename, ledgers: 2 }));
  const [ours, theirs] = stage.ledgers as [BenchLedger, BenchLedger];

  say('starting executions');
  const runs = await startRuns(stage.client, EXPIRING, BEFORE_OUTAGE_MS + awayMs / 2);
  const started = Date.now();
  const [watched, naively] = [await registerRuns(ours, runs), await registerRuns(theirs, runs)];
  stack.use(await startFollower('monitor', { ...stage.task(ours), executions: watched }));
  stack.use(await startFollower('naive', { ...stage.task(theirs), executions: naively }));
  await pause(Math.max(0, started + BEFORE_OUTAGE_MS - Date.now()));

  say('Temporal is away');
  const back = await restartTemporal(stage, dbFilename, awayMs);
  stack.use(back.temporal);
  say('Temporal is back');
  const [monitor, naive] = await Promise.all([
    recordsSince(ours, watched, back.at),
    recordsSince(theirs, naively, back.at),
  ]);
  return {
    values: { monitorFirst: monitor.first, monitorLast: monitor.last, naiveFirst: naive.first, naiveLast: naive.last },
    faults: { missed: monitor.missed, twice: monitor.twice, naiveMissed: naive.missed },
    items: { 'ms after Temporal’s return': { 'Temporal closed the last of them': monitor.closed } },
  };
}

async function restartTemporal(stage: Stage, dbFilename: string, awayMs: number) {
  const port = Number(stage.temporal.address.split(':')[1]);
  await stage.temporal.kill();
  await pause(awayMs);
  // Its port, since a server that answers for its namespaces has long begun to close what expired.
  const [temporal, at] = await Promise.all([startTemporal({ address: null, dbFilename, port }), portOpen(port)]);
  return { temporal, at };
}

async function recordsSince(ledger: BenchLedger, executions: OpenExecution[], since: number) {
  const { recordedAt, closedAt, missed, twice } = await untilRecorded(ledger, executions, 60_000);
  return {
    first: (recordedAt[0] ?? Number.NaN) - since,
    last: (recordedAt.at(-1) ?? Number.NaN) - since,
    closed: Math.max(...closedAt) - since,
    missed,
    twice,
  };
}
