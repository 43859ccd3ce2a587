import type { CountingScope, DriftOptions } from '@runledger/contracts';
import type { CallOptions } from './call-database.ts';
import { callDatabase } from './call-database.ts';
import { createShrinkingBatch, tookTooLong } from './shrinking-batch.ts';
import type { Supabase } from './supabase.ts';

/** Ids read in one call, and compared in one call at most. */
const IDS = 500;
/** Ids compared in the first call. */
const FIRST = 50;
const DAY_MS = 86_400_000;

/** What one call compares: some users', some workflows', or a pair's counters; all of them, those of some days, or lives. */
export interface CountingPart {
  p_users?: string[];
  p_workflows?: string[];
  /** Whole UTC days. */
  p_from?: string;
  p_to?: string;
  /** Only lives, by the sum of their days. */
  p_lives?: boolean;
}

/** The counters of a scope in parts, each small enough for one statement: halved where the database cancels it. */
export function createCountingParts(supabase: Supabase, call: CallOptions) {
  /** A user's, a workflow's or a pair's, where all of it takes too long: day by day, and its lives by their days. */
  async function throughDays<T>(part: CountingPart, work: (part: CountingPart) => Promise<T>): Promise<T[]> {
    const [p_user_id] = part.p_users ?? [];
    const [p_workflow_id] = part.p_workflows ?? [];
    const asked = { ...(p_user_id ? { p_user_id } : {}), ...(p_workflow_id ? { p_workflow_id } : {}) };
    const answer = await callDatabase(() => supabase.rpc('counted_span', asked), call);
    const { from, to } = answer as { from: string | null; to: string | null };
    if (from === null || to === null) return [];

    async function within(first: number, last: number): Promise<T[]> {
      const window = { p_from: new Date(first).toISOString(), p_to: new Date(last).toISOString() };
      try {
        return [await work({ ...part, ...window })];
      } catch (error) {
        const days = Math.round((last - first) / DAY_MS);
        if (!tookTooLong(error) || days <= 1) throw error;
        const middle = first + Math.floor(days / 2) * DAY_MS;
        return [...(await within(first, middle)), ...(await within(middle, last))];
      }
    }
    const days = await within(Date.parse(from), Date.parse(to));
    return [...days, await work({ ...part, p_lives: true })];
  }

  async function one<T>(part: CountingPart, work: (part: CountingPart) => Promise<T>): Promise<T[]> {
    try {
      return [await work(part)];
    } catch (error) {
      if (!tookTooLong(error)) throw error;
      return throughDays(part, work);
    }
  }

  /** Some of many: as many in a call as the database has time for. */
  async function each<T>(ids: string[], as: Name, work: (part: CountingPart) => Promise<T>): Promise<T[]> {
    const done: T[] = [];
    const batch = createShrinkingBatch(IDS, { first: FIRST });
    for (let at = 0; at < ids.length; ) {
      const from = at;
      const some = (size: number) => ids.slice(from, from + size);
      try {
        done.push(
          await batch.run(async (size) => {
            const answer = await work({ [as]: some(size) });
            at = from + size;
            return answer;
          }),
        );
      } catch (error) {
        if (!tookTooLong(error)) throw error;
        done.push(...(await throughDays({ [as]: some(1) }, work)));
        at = from + 1;
      }
    }
    return done;
  }

  return {
    one,
    each,
    /** Every user and every workflow that counters or executions name. */
    async all<T>(work: (part: CountingPart) => Promise<T>, { onProgress }: DriftOptions = {}): Promise<T[]> {
      const done: T[] = [];
      const checked = { users: 0, workflows: 0 };
      for (const [by, as, name] of [
        ['user', 'p_users', 'users'],
        ['workflow', 'p_workflows', 'workflows'],
      ] as const) {
        for (let last: string | undefined; ; ) {
          const asked = { p_by: by, p_after: (last ?? null) as string, p_limit: IDS };
          const ids = (await callDatabase(() => supabase.rpc('counted_scopes', asked), call)) as string[];
          if (ids.length === 0) break;
          last = ids.at(-1);
          done.push(...(await each(ids, as, work)));
          checked[name] += ids.length;
          onProgress?.({ ...checked });
        }
      }
      return done;
    },
    async of<T>(scope: CountingScope, work: (part: CountingPart) => Promise<T>): Promise<T[]> {
      return one(
        {
          ...(scope.userId === undefined ? {} : { p_users: [scope.userId] }),
          ...(scope.workflowId === undefined ? {} : { p_workflows: [scope.workflowId] }),
        },
        work,
      );
    },
  };
}

type Name = 'p_users' | 'p_workflows';
