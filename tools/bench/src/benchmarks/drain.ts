import type { Benchmark } from '../benchmark.ts';
import { closeAll } from '../close-executions.ts';
import { between, total } from '../count-calls.ts';
import { recordingCalls } from '../follow-closures.ts';
import { startFollower } from '../follower.ts';
import { formatMs, formatNumber } from '../format-figure.ts';
import { createOpenPool } from '../open-pool.ts';
import { untilRecorded } from '../recorded.ts';
import { openStage } from '../stage.ts';
import { faultRow } from './fault-row.ts';

/** Everything that was open closes while the ledger refuses connections; then the ledger is back. */
export const drain: Benchmark = {
  name: 'drain',
  about: 'Calls of the ledger per closure when it comes back after 5,000 executions closed without it',

  async prepare({ many }, say) {
    const stage = await openStage();
    const { ledger, client } = stage;
    const pool = createOpenPool(stage, ledger, many);
    return {
      async run() {
        say('starting executions');
        await pool.fill();
        await using follower = await startFollower('monitor', { ...stage.task(), executions: pool.open });
        const closing = pool.take(many);
        const whole = await follower.figures();
        await ledger.stop();
        say('closing them while the ledger is away');
        await closeAll(client, closing);
        const away = await follower.figures();
        await ledger.start();
        const began = Date.now();
        say('draining');
        const recorded = await untilRecorded(ledger, closing, 120_000);
        const done = await follower.figures();
        const calls = between(away.ledger, done.ledger, closing.length);
        return {
          values: {
            recordingCalls: recordingCalls(calls),
            allCalls: total(calls),
            drainMs: (recorded.recordedAt.at(-1) ?? Number.NaN) - began,
          },
          faults: { missed: recorded.missed, twice: recorded.twice },
          items: {
            'ledger calls per closure': calls,
            'refused calls of the ledger, in all': between(whole.ledger, away.ledger),
            'Temporal calls per closure': between(whole.engine, done.engine, closing.length),
          },
        };
      },
      [Symbol.asyncDispose]: () => stage[Symbol.asyncDispose](),
    };
  },

  rows({ values: { recordingCalls = 0, allCalls = 0, drainMs = 0 }, faults }, { many }) {
    return [
      {
        what: `recording calls per closure while draining ${many}`,
        measured: formatNumber(recordingCalls),
        comparedWith: 'one update each: 1',
        toReach: '≤ 0.05',
        reached: recordingCalls <= 0.05,
      },
      {
        what: `all ledger calls per closure while draining ${many}`,
        measured: `${formatNumber(allCalls)} (all recorded after ${formatMs(drainMs)})`,
        comparedWith: '',
        toReach: '',
        reached: null,
      },
      faultRow(`draining ${many}`, faults),
    ];
  },
};
