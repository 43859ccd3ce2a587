import type { ExecutionRow, ListedExecution, RowFacts } from '@runledger/contracts';
import { ALL_REDACTED, expectedEnd, isTerminal, redactRow } from '@runledger/contracts';
import QuickLRU from 'quick-lru';
import type { CallerContext, RouterLedger } from './context.ts';
import { hiddenFrom } from './redacted-caller.ts';
import type { ShareReading } from './shared-readings.ts';
import { createSharedReadings } from './shared-readings.ts';

/** Facts kept of each project; for a while up to twice as many. */
const KEPT = 20_000;
/** For how long one is believed, in milliseconds. */
const KEPT_MS = 60_000;

export interface RowFactsCache {
  /**
   * Rows that the caller may see, with what they need: names of their workflows and users, how long such executions take, and
   * without what their workflows redact (as of a minute ago, where another process changed that). One request
   * for what is not known, none otherwise. The name of a workflow that is gone is empty.
   */
  describe(ctx: CallerContext, rows: readonly ExecutionRow[]): Promise<ListedExecution[]>;
  /** A workflow has changed: it is asked for again. */
  forget(ledger: RouterLedger, workflowId: string): void;
}

type Kind = keyof RowFacts;

/** Knows what workflows and users are called, and how long executions take, as of a minute ago at most. */
export function createRowFacts(): RowFactsCache {
  // A host may serve several projects with one router.
  const caches = new WeakMap<RouterLedger, { cache: QuickLRU<string, unknown>; share: ShareReading }>();
  const cacheOf = (ledger: RouterLedger) => {
    const known = caches.get(ledger);
    if (known) return known;
    const cache = new QuickLRU<string, unknown>({ maxSize: KEPT, maxAge: KEPT_MS });
    const made = { cache, share: createSharedReadings() };
    caches.set(ledger, made);
    return made;
  };
  return {
    async describe(ctx, rows) {
      const facts = cacheOf(ctx.ledger);
      const { cache, share } = facts;
      const viewer = ctx.caller.userId;
      const open = rows.filter(({ status }) => !isTerminal(status));
      const wanted: Record<Kind, Set<string>> = {
        workflows: new Set(rows.map(({ workflowId }) => workflowId)),
        users: new Set(rows.map(({ createdBy }) => createdBy)),
        usual: new Set(open.map(({ workflowId }) => workflowId)),
      };
      const keyOf = (kind: Kind, id: string) => keyOfFact(kind, id, viewer);
      const known = new Map<string, unknown>();
      const unknown: Record<Kind, string[]> = { workflows: [], users: [], usual: [] };
      for (const kind of Object.keys(wanted) as Kind[])
        for (const id of wanted[kind]) {
          const key = keyOf(kind, id);
          const fact = cache.get(key);
          if (fact === undefined) unknown[kind].push(id);
          else known.set(key, fact);
        }
      if (Object.values(unknown).some((ids) => ids.length > 0)) {
        const { workflows: workflowIds, users: userIds, usual: usualOf } = unknown;
        const request = { viewer, workflowIds, userIds, usualOf };
        const told = await share(JSON.stringify(request), () => ctx.ledger.describeRows(request));
        for (const kind of Object.keys(unknown) as Kind[])
          for (const id of unknown[kind]) {
            const fact = told[kind][id] ?? null;
            known.set(keyOf(kind, id), fact);
            if (facts.share === share) cache.set(keyOf(kind, id), fact);
          }
      }
      const factOf = <K extends Kind>(kind: K, id: string) =>
        (known.get(keyOf(kind, id)) ?? null) as RowFacts[K][string] | null;
      return rows.map((row) => {
        const usual = isTerminal(row.status) ? null : factOf('usual', row.workflowId);
        const { name, redact } = factOf('workflows', row.workflowId) ?? { name: '', redact: [...ALL_REDACTED] };
        const workflow = { id: row.workflowId, name, redact };
        return {
          ...redactRow(row, hiddenFrom(ctx.caller, workflow)),
          workflow,
          userName: factOf('users', row.createdBy),
          usual,
          expectedBy: expectedEnd(row.engineStartedAt ?? row.startedAt, usual),
        };
      });
    },
    forget(ledger, workflowId) {
      const facts = caches.get(ledger);
      if (!facts) return;
      facts.cache.delete(keyOfFact('workflows', workflowId, ''));
      // What is being read may be as it was before: nobody else is told that, and it is not kept.
      facts.share = createSharedReadings();
    },
  };
}

/** How long others' executions took is not everybody's to know. */
const keyOfFact = (kind: Kind, id: string, viewer: string) =>
  JSON.stringify(kind === 'usual' ? [kind, viewer, id] : [kind, id]);
