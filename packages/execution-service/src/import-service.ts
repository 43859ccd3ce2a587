import type {
  ForwardedChanges,
  ImportComparison,
  ImportDescription,
  ImportDifference,
  ImportedOpenRow,
  ImportGroup,
  ImportOptions,
  ImportReport,
  ImportService,
  ImportTotals,
  Json,
  ReturnedChanges,
} from '@runledger/contracts';
import type { CallOptions } from './call-database.ts';
import { CALL_DEFAULTS, callDatabase } from './call-database.ts';
import { createShrinkingBatch } from './shrinking-batch.ts';
import type { SupabaseLike } from './supabase.ts';
import { typed } from './supabase.ts';

/** One call reads a whole table, or writes hundreds of rows. */
const DEADLINE_MS = 120_000;
const BATCH = 1_000;
const CHANGES = 500;

interface Batch extends ImportTotals {
  pass?: number;
  done: boolean;
  after: string | null;
  groups: ImportGroup[];
  open: { rows: number; some: ImportedOpenRow[] };
}

function toColumns(options: ImportOptions): Json {
  const { columns, statuses, workflows, workflow, user, createUsers, keepRest, namespace, confirmSince } = options;
  const { key, swapTimes, dropEnd, dropDuration, cut } = options;
  const given = {
    key,
    columns,
    statuses,
    workflows,
    workflow,
    user,
    create_users: createUsers,
    keep_rest: keepRest,
    namespace,
    confirm_since: confirmSince,
    swap_times: swapTimes,
    drop_end: dropEnd,
    drop_duration: dropDuration,
    cut,
  };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as Json;
}

/** Brings a hand-written table of runs into the ledger, over a client with the service-role key. */
export function createImportService(
  client: SupabaseLike,
  options: { call?: Partial<CallOptions> } = {},
): ImportService {
  const supabase = typed(client);
  const call: CallOptions = { ...CALL_DEFAULTS, deadlineMs: DEADLINE_MS, ...options.call };
  const named = (source: string | null) => (source === null ? {} : { p_source: source });

  const forward = createShrinkingBatch(CHANGES);
  const giveBack = createShrinkingBatch(CHANGES);
  const changes = async <Answer>(name: 'forward_changes' | 'return_changes', source: string | null, p_limit: number) =>
    (await callDatabase(() => supabase.rpc(name, { ...named(source), p_limit }), call)) as unknown as Answer;

  return {
    async describe(source, given = {}) {
      const asked = { ...named(source), p_options: toColumns(given) };
      return (await callDatabase(() => supabase.rpc('describe_import', asked), call)) as unknown as ImportDescription;
    },

    async importRuns(source, given = {}, { dryRun = false, batch = BATCH, onProgress, onOpen } = {}) {
      const asked = { ...named(source), p_options: toColumns(given), p_dry_run: dryRun };
      const parts = createShrinkingBatch(batch);
      const sum = createSum();
      let last: Batch | undefined;
      do {
        const from = {
          ...(last?.pass === undefined ? {} : { p_pass: last.pass }),
          ...(last?.after ? { p_after: last.after } : {}),
        };
        last = await parts.run(
          async (p_limit) =>
            (await callDatabase(
              () => supabase.rpc('import_workflow_runs', { ...asked, ...from, p_limit }),
              call,
            )) as unknown as Batch,
        );
        if (dryRun) sum.add(last);
        if (last.open.rows > 0) onOpen?.(last.open.rows, last.open.some);
        onProgress?.(dryRun ? sum.report() : totalsOf(last));
      } while (!last.done);
      return dryRun ? sum.report() : { ...totalsOf(last), groups: last.groups.toSorted(mostFirst) };
    },

    forwardChanges: (source) => forward.run((p_limit) => changes<ForwardedChanges>('forward_changes', source, p_limit)),
    returnChanges: (source) => giveBack.run((p_limit) => changes<ReturnedChanges>('return_changes', source, p_limit)),

    async compare(source, given, { onProgress } = {}) {
      const asked = { ...named(source), ...(given === null ? {} : { p_options: toColumns(given) }) };
      const parts = createShrinkingBatch(BATCH);
      const differences: ImportDifference[] = [];
      let [rows, same] = [0, 0];
      let last: (ImportComparison & { after: string | null; done: boolean }) | undefined;
      do {
        const from = last?.after ? { p_after: last.after } : {};
        last = await parts.run(
          async (p_limit) =>
            (await callDatabase(
              () => supabase.rpc('compare_import', { ...asked, ...from, p_limit }),
              call,
            )) as unknown as NonNullable<typeof last>,
        );
        rows += last.rows;
        same += last.same;
        differences.push(...last.differences);
        onProgress?.(rows);
      } while (!last.done);
      return { rows, same, differences: addedUp(differences) };
    },
  };
}

/** Of all parts, in one line what is of one kind. */
function addedUp(parts: ImportDifference[]): ImportDifference[] {
  const sums = new Map<string, ImportDifference>();
  for (const part of parts) {
    const before = sums.get(part.what);
    sums.set(part.what, before ? { ...before, rows: before.rows + part.rows } : part);
  }
  return [...sums.values()].sort((a, b) => b.rows - a.rows);
}

const totalsOf = ({ source, rows, taken, known, refused }: ImportTotals): ImportTotals => ({
  source,
  rows,
  taken,
  known,
  refused,
});

const mostFirst = (a: ImportGroup, b: ImportGroup) => b.rows - a.rows || a.example.localeCompare(b.example);

/** A dry run keeps nothing in the database: its batches are added up here. */
function createSum() {
  const totals = { source: '', rows: 0, taken: 0, known: 0, refused: 0 };
  const groups = new Map<string, ImportGroup>();
  return {
    add(batch: Batch): void {
      totals.source = batch.source;
      for (const name of ['rows', 'taken', 'known', 'refused'] as const) totals[name] += batch[name];
      for (const group of batch.groups) {
        const key = JSON.stringify([group.status, group.result, group.reason]);
        const known = groups.get(key);
        groups.set(key, known ? { ...known, rows: known.rows + group.rows } : group);
      }
    },
    report: (): ImportReport => ({ ...totals, groups: [...groups.values()].sort(mostFirst) }),
  };
}
