import type {
  AdoptAnswer,
  AdoptionLedger,
  AdoptionRule,
  AdoptResult,
  AdoptRun,
  Json,
  Visibility,
  VisibleRun,
} from '@runledger/contracts';
import { exactSource } from '@runledger/contracts';
import type { Logger } from 'pino';
import { inParallel } from '../pacing/in-parallel.ts';
import { isAway } from '../pacing/loop.ts';

/** Chains asked for at once. */
const CONCURRENCY = 5;

/** What became of a run that nobody had announced. `gone`: Temporal no longer knows it. `refused`: the ledger cannot hold it. */
export type AdoptionResult = AdoptResult | 'no_rule' | 'no_user' | 'gone' | 'refused' | 'would_adopt';

export interface Adoption {
  run: VisibleRun;
  userId: string | null;
  result: AdoptionResult;
  executionId: string | null;
}

export interface AdopterOptions {
  ledger: AdoptionLedger;
  visibility: Pick<Visibility, 'firstRunIdOf'>;
  /** The first one that matches decides. */
  rules: readonly AdoptionRule[];
  namespace: string;
  logger: Logger;
}

export interface Adopter {
  /** Makes executions of those runs that a rule covers; with `dryRun` it only says which. Repeating it is harmless. */
  consider(runs: VisibleRun[], options?: { dryRun?: boolean }): Promise<Adoption[]>;
}

export function createAdopter({ ledger, visibility, rules, namespace, logger }: AdopterOptions): Adopter {
  async function prepare(run: VisibleRun): Promise<{ adoption: Adoption; request: AdoptRun | null }> {
    const rule = rules.find((candidate) => matches(candidate, run));
    if (!rule) return { adoption: { run, userId: null, result: 'no_rule', executionId: null }, request: null };
    const userId = userOf(rule, run);
    if (!userId) return { adoption: { run, userId: null, result: 'no_user', executionId: null }, request: null };
    // The chain is one execution, whichever of its runs was seen.
    const firstRunId = await visibility.firstRunIdOf({
      namespace,
      temporalWorkflowId: run.temporalWorkflowId,
      runId: run.runId,
    });
    if (!firstRunId) return { adoption: { run, userId, result: 'gone', executionId: null }, request: null };
    const { temporalWorkflowId, workflowType, taskQueue, startedAt } = run;
    return {
      adoption: { run, userId, result: 'would_adopt', executionId: null },
      request: {
        namespace,
        temporalWorkflowId,
        firstRunId,
        workflowType,
        taskQueue,
        userId,
        startedAt,
        workflowId: rule.workflowId ?? null,
        workflowOwner: rule.workflowOwner ?? null,
      },
    };
  }

  /** One that the ledger cannot hold (a workflow id of a thousand characters) must not keep the others out. */
  async function adopt(requests: AdoptRun[]): Promise<(AdoptAnswer | { result: 'refused' })[]> {
    try {
      return await ledger.adopt(requests);
    } catch (error) {
      if (isAway(error)) throw error;
      if (requests.length > 1) return (await Promise.all(requests.map((request) => adopt([request])))).flat();
      logger.error({ temporalWorkflowId: requests[0]?.temporalWorkflowId, err: error }, 'a run could not be adopted');
      return [{ result: 'refused' }];
    }
  }

  return {
    async consider(runs, { dryRun = false } = {}) {
      const prepared: Awaited<ReturnType<typeof prepare>>[] = new Array(runs.length);
      const numbered = runs.map((run, index) => ({ run, index }));
      await inParallel(numbered, CONCURRENCY, async ({ run, index }) => {
        prepared[index] = await prepare(run);
      });
      const wanted = prepared.filter((item) => item.request !== null);
      if (!dryRun && wanted.length > 0) {
        const answers = await adopt(wanted.map(({ request }) => request as AdoptRun));
        wanted.forEach(({ adoption }, index) => {
          Object.assign(adoption, answers[index]);
          logger[adoption.result === 'adopted' ? 'info' : 'debug'](
            { temporalWorkflowId: adoption.run.temporalWorkflowId, result: adoption.result },
            'a run that was started elsewhere',
          );
        });
      }
      return prepared.map(({ adoption }) => adoption);
    },
  };
}

/** Pure. */
export function matches(rule: AdoptionRule, run: VisibleRun): boolean {
  if (rule.workflowType !== undefined && rule.workflowType !== run.workflowType) return false;
  return rule.taskQueue === undefined || rule.taskQueue === run.taskQueue;
}

/** Pure: the user that a run names by the rule; `null` when it names none. */
export function userOf({ user }: AdoptionRule, run: VisibleRun): string | null {
  if ('userId' in user) return user.userId;
  const named = 'memo' in user ? run.memo[user.memo] : run.searchAttributes[user.searchAttribute];
  return text(Array.isArray(named) ? named[0] : named);
}

function text(value: Json | undefined): string | null {
  if (typeof value === 'number') return String(value);
  const exact = exactSource(value);
  if (exact !== null) return exact;
  return typeof value === 'string' && value !== '' ? value : null;
}
