import type { Admission, AdmitRequest, Workflow } from '@runledger/contracts';
import { breathe, ExecutionError, isExecutionError } from '@runledger/contracts';
import pMap from 'p-map';
import type { StartRequest } from './check-request.ts';
import { checkRequest } from './check-request.ts';
import type { CallerContext } from './context.ts';
import type { ExecutionRules } from './execution-rules.ts';
import { jsonBytes } from './limits.ts';
import { AT_ONCE } from './requests/ask-each.ts';
import { toExecutionError } from './thrown.ts';

/** A workflow that changes between each reading and the admission by it is given up after this many. */
const ATTEMPTS = 4;

export type Admitted = Admission & { workflow: Workflow };

/** Admits a request by its workflow as it is now. */
export async function admitExecution(
  ctx: CallerContext,
  rules: ExecutionRules,
  request: StartRequest,
): Promise<Admitted> {
  const checked = await checkRequest(ctx, rules, request, { anew: false });
  await takeBytes(ctx, request);
  const admission = await ctx.ledger.admit(checked);
  return admission ? { ...admission, workflow: checked.workflow } : admitAnew(ctx, rules, request);
}

/** Admits several in one call of the ledger, each answered in its place: one that is refused keeps back no other. */
export async function admitEach(
  ctx: CallerContext,
  rules: ExecutionRules,
  requests: readonly StartRequest[],
): Promise<(Admitted | ExecutionError)[]> {
  const checked = await each(requests, async (request) => {
    const fit = await checkRequest(ctx, rules, request, { anew: false });
    await takeBytes(ctx, request);
    return fit;
  });
  const fit = checked.filter((one): one is AdmitRequest => !isExecutionError(one));
  const answers = (await oneError(ctx.ledger.admitEach(ctx.caller.userId, fit), fit.length)).values();
  const answered = checked.map((one) => ({ one, answer: isExecutionError(one) ? one : answers.next().value }));
  return each(answered, async ({ one, answer }, n) => {
    if (isExecutionError(one) || isExecutionError(answer)) throw isExecutionError(one) ? one : answer;
    return answer ? { ...answer, workflow: one.workflow } : admitAnew(ctx, rules, requests[n] as StartRequest);
  });
}

/** Its workflow has changed since it was read. */
async function admitAnew(ctx: CallerContext, rules: ExecutionRules, request: StartRequest): Promise<Admitted> {
  for (let attempt = 1; attempt < ATTEMPTS; attempt += 1) {
    const checked = await checkRequest(ctx, rules, request, { anew: true });
    const admission = await ctx.ledger.admit(checked);
    if (admission) return { ...admission, workflow: checked.workflow };
  }
  const message = `The workflow ${request.workflowId} is being changed at this moment. Try again.`;
  throw new ExecutionError('conflict', message);
}

/** What a request brings is counted once, however often it is tried. */
async function takeBytes({ limits, caller }: CallerContext, { input = null, metadata }: StartRequest): Promise<void> {
  const bytes = jsonBytes(input) + jsonBytes(metadata);
  await limits?.take('storedBytes', caller.userId, bytes);
  await breathe(bytes);
}

/** A few at a time; an error in the place of what threw it. */
function each<Item, Result>(
  items: readonly Item[],
  work: (item: Item, n: number) => Promise<Result>,
): Promise<(Result | ExecutionError)[]> {
  return pMap(items, (item, n) => work(item, n).catch(toExecutionError), { concurrency: AT_ONCE });
}

/** What fails for all of them fails for each. */
function oneError<Answer>(answers: Promise<Answer[]>, count: number): Promise<(Answer | ExecutionError)[]> {
  return answers.catch((error) => Array.from({ length: count }, () => toExecutionError(error)));
}
