import { setTimeout as pause } from 'node:timers/promises';
import { startPostgres } from '@runledger/local-stack';
import type { Benchmark } from '../benchmark.ts';
import { between, total } from '../count-calls.ts';
import { cpuTimeMs } from '../cpu-time.ts';
import { startFollower } from '../follower.ts';
import { formatMs, formatNumber } from '../format-figure.ts';
import type { Question } from '../large-ledger/ask.ts';
import { answerOf, buffersOf } from '../large-ledger/ask.ts';
import type { BenchLedger } from '../ledger.ts';
import { openLedger } from '../ledger.ts';

const INSERTED_AT_ONCE = 10_000;
/** For what comes with the beginning, in milliseconds. */
const SETTLE_MS = 10_000;

/** Executions that are open and were checked some time in the last period, as a monitor leaves them. */
async function fill({ database }: BenchLedger, count: number): Promise<void> {
  await database.exec(`
    insert into runledger.users (id) values ('bench');
    insert into runledger.workflows (user_id, name, workflow_type, task_queue)
      select 'bench', 'bench ' || g, 'bench', 'nobody' from generate_series(1, 20) g`);
  for (let made = 0; made < count; made += INSERTED_AT_ONCE) {
    await database.query(
      `insert into runledger.workflow_executions (workflow_id, created_by, temporal_namespace, temporal_workflow_id, temporal_run_id, started_at)
       select (select id from runledger.workflows where name = 'bench ' || (1 + g % 20)), 'bench', 'default', 'wf-' || g, 'run-' || g,
              now() - random() * interval '1 day'
         from generate_series($1::int + 1, $2::int) g`,
      [made, Math.min(made + INSERTED_AT_ONCE, count)],
    );
  }
  await database.exec(`
    update runledger.execution_checks set health = 'live', last_check_at = now() - random() * interval '240 seconds',
      next_check_at = now() + random() * interval '240 seconds';
    analyze`);
  // Counted and cleaned up: what is left is what an idle monitor asks for.
  const fold = 'select runledger.fold_execution_stats(100000) as folded';
  while (((await database.query<{ folded: number }>(fold))[0]?.folded ?? 0) > 0);
  await database.exec('vacuum');
}

const CHECKS_IN_A_PAGE = 50;
/** What a monitor asks before each page of checks. */
const DUE_CHECKS: Question = {
  role: 'service_role',
  user: null,
  sql: `select runledger.due_checks('default', ${CHECKS_IN_A_PAGE}) as page`,
};

/** While a monitor runs: how many of a page were due at that moment, and what one asking of them reads. */
async function readDueChecks({ database }: BenchLedger): Promise<{ dueChecks: number; dueBuffers: number }> {
  const dueBuffers = await buffersOf(database, DUE_CHECKS);
  const [answer] = await answerOf<{ page: unknown[] }>(database, DUE_CHECKS);
  return { dueChecks: answer?.page.length ?? 0, dueBuffers };
}

/** One monitor over more open executions than a namespace usually has; Temporal is simulated, 40 ms a call. */
export const manyOpen: Benchmark = {
  name: 'many-open',
  about:
    'Postgres, time until it tracks, and checks a second of a monitor with 200,000 open executions and none closing',

  async prepare({ manyOpen: count, idleSeconds }, say) {
    await using stack = new AsyncDisposableStack();
    const postgres = stack.use(
      await startPostgres({ version: 17, settings: { shared_buffers: '512MB', max_wal_size: '4GB' } }),
    );
    const ledger = stack.use(await openLedger(postgres, 'ledger'));
    say(`inserting ${count} executions`);
    await fill(ledger, count);
    const kept = stack.move();
    return {
      async run() {
        say('watching an idle monitor');
        const task = {
          temporalAddress: '',
          supabaseUrl: ledger.url,
          supabaseKey: ledger.key,
          executions: [],
          insists: true,
        };
        await using follower = await startFollower('monitorOfOpen', task);
        while (Number.isNaN((await follower.figures()).more?.trackingMs ?? Number.NaN)) await pause(100);
        await pause(SETTLE_MS);
        const look = async () => ({
          at: performance.now(),
          cpu: cpuTimeMs(postgres.pid),
          of: await follower.figures(),
        });
        const before = await look();
        await pause(idleSeconds * 1_000);
        const after = await look();
        const seconds = (after.at - before.at) / 1_000;
        const checks = ((after.of.more?.resolves ?? 0) - (before.of.more?.resolves ?? 0)) / seconds;
        const calls = between(before.of.ledger, after.of.ledger, seconds);
        return {
          values: {
            postgresMs: (after.cpu - before.cpu) / seconds,
            trackingMs: after.of.more?.trackingMs ?? Number.NaN,
            checksPerSecond: checks,
            ledgerCalls: total(calls),
            ...(await readDueChecks(ledger)),
          },
          faults: {},
          items: { 'ledger calls a second': calls },
        };
      },
      [Symbol.asyncDispose]: () => kept.disposeAsync(),
    };
  },

  rows({ values }, { manyOpen: count }) {
    const { postgresMs = 0, trackingMs = 0, checksPerSecond = 0, ledgerCalls = 0 } = values;
    const { dueChecks = 0, dueBuffers = 0 } = values;
    return [
      {
        what: `CPU of Postgres a second, ${count} open, none closing`,
        measured: `${formatNumber(postgresMs)} ms (${formatNumber(ledgerCalls)} calls)`,
        comparedWith: '',
        toReach: '≤ 30 ms',
        reached: postgresMs <= 30,
      },
      {
        what: `from its start until a monitor tracks, ${count} open`,
        measured: formatMs(trackingMs),
        comparedWith: '',
        toReach: '≤ 3 s',
        reached: trackingMs <= 3_000,
      },
      {
        what: `buffers of ${CHECKS_IN_A_PAGE} due checks, ${count} open`,
        measured: dueChecks < CHECKS_IN_A_PAGE ? `only ${dueChecks} were due` : formatNumber(dueBuffers),
        comparedWith: '',
        toReach: '≤ 400',
        reached: dueChecks < CHECKS_IN_A_PAGE ? null : dueBuffers <= 400,
      },
      {
        what: `checks a second, ${count} open, 40 ms to Temporal`,
        measured: `${formatNumber(checksPerSecond)} (all within ${formatMs((count / checksPerSecond) * 1_000)})`,
        comparedWith: '',
        toReach: '',
        reached: null,
      },
    ];
  },
};
