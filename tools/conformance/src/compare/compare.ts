import type { Expectation } from '../kinds/expectation.ts';
import { compareRow, ledgerStatus } from './compare-row.ts';
import type { Difference, Verdict } from './difference.ts';
import type { EngineChain } from './engine-runs.ts';
import type { Row } from './rows.ts';

export type Expected = Expectation & { kind: string };

export interface Evidence {
  expected: Expected[];
  rows: Row[];
  chains: Map<string, EngineChain>;
  /** `null`: this database keeps none. */
  timelines: Map<string, { state: string; activities: number | null }> | null | 'left out';
}

type Note = (verdict: Verdict, workflowId: string, what: string, told: [ledger: unknown, engine: unknown]) => void;

const key = (workflowId: string, firstRunId: string | null) => `${workflowId}/${firstRunId}`;

/** Every row against Temporal, and everything that was started against the rows. Pure: reads nothing by itself. */
export function compare(evidence: Evidence): Difference[] {
  const differences: Difference[] = [];
  const kindOf = new Map(evidence.expected.map(({ workflowId, kind }) => [workflowId, kind]));
  const note: Note = (verdict, workflowId, what, [ledger, engine]) =>
    differences.push({ verdict, kind: kindOf.get(workflowId) ?? 'unknown', workflowId, what, ledger, engine });
  compareWithIntent(evidence, note);
  compareRows(evidence, note);
  return differences;
}

/** What was started: has it gone as it was meant to, and has it one row? */
function compareWithIntent({ expected, rows, chains }: Evidence, note: Note): void {
  const byChain = Map.groupBy(rows, (row) => key(row.temporal_workflow_id ?? '', row.temporal_run_id));
  for (const want of expected) {
    const { workflowId, firstRunId } = want;
    const chain = chains.get(key(workflowId, firstRunId));
    if (!chain) {
      note('unintended', workflowId, `chain of run ${firstRunId}`, [null, 'not there']);
      continue;
    }
    if (ledgerStatus(chain.last) !== want.status)
      note('unintended', workflowId, 'status', [`meant to be ${want.status}`, chain.last.status]);
    if (want.runs !== null && chain.runs.length !== want.runs)
      note('unintended', workflowId, 'runs', [`meant to be ${want.runs}`, chain.runs.length]);
    const own = byChain.get(key(workflowId, firstRunId)) ?? [];
    if (own.length < want.rows) note('lost', workflowId, 'rows', [own.length, want.rows]);
    if (own.length > want.rows)
      note(want.rows === 0 ? 'uninvited' : 'twice', workflowId, 'rows', [own.length, want.rows]);
    for (const row of own) {
      if (row.verdict !== want.verdict) note('wrong', workflowId, 'verdict', [row.verdict, want.verdict]);
    }
  }
  const wanted = new Set(expected.map(({ workflowId, firstRunId }) => key(workflowId, firstRunId)));
  const ours = new Set(expected.map(({ workflowId }) => workflowId));
  for (const [name, { workflowId, runs }] of chains) {
    if (ours.has(workflowId) && !wanted.has(name))
      note('unintended', workflowId, 'a chain that nobody asked for', [null, `${runs.length} runs`]);
  }
}

/** What is recorded: is it what Temporal says? */
function compareRows({ rows, chains, timelines }: Evidence, note: Note): void {
  for (const row of rows.filter(({ engine }) => engine === 'temporal')) {
    const workflowId = row.temporal_workflow_id ?? '';
    const chain = chains.get(key(workflowId, row.temporal_run_id));
    if (!chain) {
      note('uninvited', workflowId, 'row without a counterpart', [`${row.status}, run ${row.temporal_run_id}`, null]);
      continue;
    }
    const isClosed = chain.last.closedAt !== null;
    if (row.isUnsettled && isClosed) note('unsettled', workflowId, 'status', [row.status, chain.last.status]);
    for (const { what, ledger, engine } of compareRow(row, chain)) note('wrong', workflowId, what, [ledger, engine]);
    if (isClosed && timelines !== 'left out') compareTimeline(chain, timelines?.get(row.id), note);
  }
}

function compareTimeline(
  { workflowId, runs }: EngineChain,
  timeline: { state: string; activities: number | null } | undefined,
  note: Note,
): void {
  if (timeline?.state !== 'complete') note('wrong', workflowId, 'timeline', [timeline?.state ?? 'none', 'complete']);
  // A reset run has a copy of its base run's history: what was scheduled once is there twice.
  if (!timeline || runs.some(({ isReset }) => isReset)) return;
  const scheduled = runs.reduce((sum, { activities }) => sum + activities, 0);
  if (timeline.activities !== scheduled) note('wrong', workflowId, 'activities', [timeline.activities, scheduled]);
}
