import { setTimeout as pause } from 'node:timers/promises';
import { formatDuration } from '@runledger/contracts';
import type { Evidence, Expected } from './compare/compare.ts';
import { compare } from './compare/compare.ts';
import { checkCounters } from './compare/counters.ts';
import type { Difference, Verdict } from './compare/difference.ts';
import { readEngineChains } from './compare/engine-runs.ts';
import { readRows, readTimelines } from './compare/rows.ts';
import { createDriver } from './driver/driver.ts';
import type { Fault } from './faults/fault.ts';
import { FAULTS } from './faults/faults.ts';
import { insist } from './insist.ts';
import type { Kind } from './kinds/kind.ts';
import { KINDS } from './kinds/kinds.ts';
import type { Plan, PlannedExecution } from './plan.ts';
import { makePlan } from './plan.ts';
import type { Report, Undriven } from './report.ts';
import { isClean, makeReport } from './report.ts';
import { TASK_QUEUE } from './steps.ts';
import type { System, SystemOptions } from './system/system.ts';
import { startSystem } from './system/system.ts';
import type { User } from './system/users.ts';

export interface RunOptions extends SystemOptions {
  executions: number;
  /** The same seed gives the same executions and faults, in the same order. Default 1. */
  seed?: number;
  /** How often something goes wrong. Default: one for every 40 executions, at least 5. */
  faults?: number;
  /** Default: all. */
  kinds?: readonly Kind[];
  /** Default: all. */
  possibleFaults?: readonly Fault[];
  /** How long the ledger has, after everything is well again, to say what Temporal says. Default 120,000. */
  settleMs?: number;
  /** Compares the frozen timelines too. Default true. */
  timelines?: boolean;
  /** Keeps the logs and the data afterwards. Default: where something is wrong. */
  keep?: boolean;
  say?: (line: string) => void;
}

/** Differences that may be gone a little later. */
const HEALS: readonly Verdict[] = ['lost', 'wrong', 'unsettled'];

/** Most executions that are driven at once. */
const HANDS = 24;

/**
 * Runs executions of all kinds while parts fail, lets everything recover, and compares every row with Temporal. Real
 * processes throughout; they end with it.
 *
 * @throws where the kit itself cannot go on: a part that does not come back
 */
export async function run(options: RunOptions): Promise<Report> {
  const { executions, seed = 1, kinds = KINDS, possibleFaults = FAULTS, say = () => {} } = options;
  const faults = options.faults ?? Math.max(5, Math.ceil(executions / 40));
  const plan = makePlan({ seed, executions, faults, kinds, possibleFaults });
  const began = performance.now();
  say(`seed ${seed}: ${executions} executions of ${kinds.length} kinds, ${plan.faults.length} faults`);
  await using system = await startSystem(options);
  say(`everything runs after ${seconds(began)}; logs are in ${system.folder}`);
  try {
    const { expected, undriven } = await act(system, plan, say);
    await untilEnded(system);
    say(`all has ended in Temporal, and is repaired, after ${seconds(began)}; waiting until the ledger agrees`);
    const { evidence, differences } = await untilAgreed(system, expected, options);
    const counters = await insist(() => checkCounters(system.database, system.service));
    const report = makeReport({
      seed,
      faults: plan.faults.map(({ name }) => name),
      ...{ evidence, differences, undriven, counters },
      exits: exitsOf(system),
      durationMs: performance.now() - began,
      folder: system.folder,
    });
    if (options.keep ?? !isClean(report)) system.keepFolder();
    return report;
  } catch (error) {
    system.keepFolder();
    throw error;
  }
}

const seconds = (since: number) => formatDuration(performance.now() - since);

/** Starts the executions, spread over the faults, until the last of both is over. */
async function act(system: System, plan: Plan, say: (line: string) => void) {
  const expected: Expected[] = [];
  const undriven: Undriven[] = [];
  const waiting = [...plan.executions.entries()];
  const total = plan.executions.length;
  /** How many may have begun: an even share with each fault, all after the last one. */
  let released = plan.faults.length === 0 ? total : Math.ceil(total / (plan.faults.length + 1));

  async function drive({ kind, userNumber, pauseMs }: PlannedExecution): Promise<void> {
    const driver = createDriver(system, { user: system.users[userNumber] as User, pauseMs });
    try {
      const wanted = await kind.drive(driver);
      expected.push(...wanted.map((one) => ({ ...one, kind: kind.name })));
    } catch (error) {
      undriven.push({ kind: kind.name, error: error instanceof Error ? error.message : String(error) });
    }
  }
  async function hand(): Promise<void> {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      while (next[0] >= released) await pause(50);
      await drive(next[1]);
    }
  }
  async function breakThings(): Promise<void> {
    try {
      for (const [index, { name, quietBeforeMs, strike }] of plan.faults.entries()) {
        await pause(quietBeforeMs);
        released = Math.ceil((total * (index + 2)) / (plan.faults.length + 1));
        say(`${index + 1}/${plan.faults.length} ${name} (${expected.length} executions driven)`);
        await strike(system);
      }
    } finally {
      released = total;
      for (const proxy of Object.values(system.connections)) proxy.restore();
    }
  }
  await Promise.all([breakThings(), ...Array.from({ length: HANDS }, hand)]);
  return { expected, undriven };
}

/** Waits until nothing of the kit runs in Temporal any more, for a minute: what is left then is unintended. */
async function untilEnded({ temporal }: System): Promise<void> {
  const stillRunning = `ExecutionStatus = 'Running' AND TaskQueue = '${TASK_QUEUE}'`;
  for (const deadline = Date.now() + 60_000; Date.now() < deadline; await pause(250)) {
    const { count } = await insist(() => temporal.workflow.count(stillRunning));
    if (count === 0) return;
  }
}

/** Compares until there is no difference left, or for so long. */
async function untilAgreed(
  system: System,
  expected: Expected[],
  { settleMs = 120_000, timelines = true }: RunOptions,
): Promise<{ evidence: Evidence; differences: Difference[] }> {
  const deadline = Date.now() + settleMs;
  for (let settled = false; ; settled = true) {
    while (!settled && Date.now() < deadline && (await unsettled(system)) > 0) await pause(250);
    const evidence = { ...(await gather(system, expected)), ...(timelines ? {} : { timelines: 'left out' as const }) };
    const differences = compare(evidence);
    if (!differences.some(({ verdict }) => HEALS.includes(verdict)) || Date.now() > deadline)
      return { evidence, differences };
    await pause(1_000);
  }
}

async function unsettled({ database }: System): Promise<number> {
  const [row] = await insist(() =>
    database.query<{ n: number }>('select count(*)::int as n from runledger.execution_checks'),
  );
  return row?.n ?? 0;
}

async function gather(system: System, expected: Expected[]): Promise<Evidence> {
  const rows = await insist(() => readRows(system.database));
  const known = [
    ...expected.map(({ workflowId, firstRunId: runId }) => ({ workflowId, runId })),
    ...rows.flatMap(({ temporal_workflow_id: workflowId, runs }) =>
      workflowId ? runs.map(({ run_id: runId }) => ({ workflowId, runId })) : [],
    ),
  ];
  const chains = await insist(() => readEngineChains(system.temporal, known));
  return { expected, rows, chains, timelines: await insist(() => readTimelines(system.database)) };
}

/** The host's processes promise to outlive outages; the Supabase API here is only a stand-in. */
const exitsOf = ({ parts }: System): string[] =>
  [parts.api, ...parts.workers].flatMap((part) => part.exits().map((tail) => `${part.name} ended by itself: ${tail}`));
