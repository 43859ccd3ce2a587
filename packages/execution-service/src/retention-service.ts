import type { Json, RetentionPolicy, RetentionReport, RetentionService } from '@runledger/contracts';
import type { CallOptions } from './call-database.ts';
import { CALL_DEFAULTS, callDatabase } from './call-database.ts';
import { createShrinkingBatch } from './shrinking-batch.ts';
import type { SupabaseLike } from './supabase.ts';
import { typed } from './supabase.ts';

/** One call removes thousands of rows. */
const DEADLINE_MS = 120_000;
const BATCH = 5_000;

interface Batch extends RetentionReport {
  after: string | null;
  done: boolean;
}

function toIntervals({ payloadsMs, timelinesMs, rowsMs }: RetentionPolicy): Json {
  const parts = { payloads: payloadsMs, timelines: timelinesMs, rows: rowsMs };
  return Object.fromEntries(
    Object.entries(parts).flatMap(([part, ms]) => (ms === undefined ? [] : [[part, `${ms} milliseconds`]])),
  );
}

/** Removes what is older than a policy lets it be, over a client with the service-role key. */
export function createRetentionService(
  client: SupabaseLike,
  options: { call?: Partial<CallOptions> } = {},
): RetentionService {
  const supabase = typed(client);
  const call: CallOptions = { ...CALL_DEFAULTS, deadlineMs: DEADLINE_MS, ...options.call };

  return {
    async prune(policy, { dryRun = false, batch = BATCH, onProgress } = {}) {
      const asked = { p_policy: toIntervals(policy), p_dry_run: dryRun };
      const parts = createShrinkingBatch(batch);
      const run = dryRun ? {} : { p_run: crypto.randomUUID() };
      let report = NOTHING;
      let last: Batch | undefined;
      do {
        const from = dryRun && last?.after ? { p_after: last.after } : {};
        last = await parts.run(
          async (p_limit) =>
            (await callDatabase(
              () => supabase.rpc('prune_executions', { ...asked, ...run, ...from, p_limit }),
              call,
            )) as unknown as Batch,
        );
        report = dryRun ? sum(report, last) : reportOf(last);
        onProgress?.(report);
      } while (!last.done);
      return report;
    },
  };
}

const NONE = { before: 0, due: 0 };
const NOTHING: RetentionReport = { examined: 0, unsettled: 0, payloads: NONE, timelines: NONE, rows: NONE };

const reportOf = ({ examined, unsettled, payloads, timelines, rows }: RetentionReport): RetentionReport => ({
  examined,
  unsettled,
  payloads,
  timelines,
  rows,
});

/** A dry run keeps nothing in the database: its batches are added up here. */
function sum(a: RetentionReport, b: RetentionReport): RetentionReport {
  const part = (name: 'payloads' | 'timelines' | 'rows') => ({
    before: a[name].before + b[name].before,
    due: a[name].due + b[name].due,
  });
  return {
    examined: a.examined + b.examined,
    unsettled: a.unsettled + b.unsettled,
    payloads: part('payloads'),
    timelines: part('timelines'),
    rows: part('rows'),
  };
}
