import type { EngineTarget, ExecutionError, NotedRequest, NoteRequest } from '@runledger/contracts';
import type { WhileReachable } from '@runledger/starting';
import { createWhileReachable } from '@runledger/starting';
import pMap from 'p-map';
import type { CallerContext } from '../context.ts';
import { executionNotFound } from '../control-execution.ts';
import { toExecutionError } from '../thrown.ts';
import { requireTarget } from './engine-target.ts';

/** How many executions of one call are asked for at the same time. */
export const AT_ONCE = 8;

/** What is asked of one execution. */
export type Asked = Omit<NoteRequest, 'kind'>;

/** One execution of the caller's, noted, and where it is in Temporal. */
export interface AskedExecution extends NotedRequest {
  target: EngineTarget;
  asked: Asked;
}

/** What became of one. */
export type Settled<Result> =
  | { executionId: string; result: Result; error: null }
  | { executionId: string; result: null; error: ExecutionError };

/** A request that is noted first, then acted upon; the caller is the actor. */
export interface Verb<Result extends string> {
  kind: NoteRequest['kind'];
  act(execution: AskedExecution): Promise<Result>;
}

/**
 * Asks the same of several executions: noted in one call of the ledger, acted upon a few at a time, and what became of each
 * kept with the request. One that fails says so in its place; once Temporal is away, so do those that it was not asked for yet.
 * @throws ExecutionError where nothing could be noted, so that nothing was asked for
 */
export async function askEach<Result extends string>(
  ctx: CallerContext,
  { kind, act }: Verb<Result>,
  asked: readonly Asked[],
): Promise<Settled<Result>[]> {
  const noted = await ctx.ledger.noteRequests(
    ctx.caller.userId,
    asked.map((one) => ({ ...one, kind })),
  );
  const whileReachable = createWhileReachable();
  const settled = await pMap(asked, (one, n) => settle(one, noted[n] ?? null, { act, whileReachable }), {
    concurrency: AT_ONCE,
  });
  await keepAnswers(
    ctx,
    settled.flatMap(({ result, error }, n) =>
      noted[n]?.noted ? [{ id: asked[n]?.id as string, answer: result ?? (error as ExecutionError).code }] : [],
    ),
  );
  return settled;
}

async function settle<Result extends string>(
  asked: Asked,
  noted: NotedRequest | null,
  { act, whileReachable }: Pick<Verb<Result>, 'act'> & { whileReachable: WhileReachable },
): Promise<Settled<Result>> {
  const { executionId } = asked;
  try {
    if (!noted) throw executionNotFound(executionId);
    const target = requireTarget(noted.execution);
    const result = await whileReachable(target.namespace, () => act({ ...noted, asked, target }));
    return { executionId, result, error: null };
  } catch (error) {
    return { executionId, result: null, error: toExecutionError(error) };
  }
}

/** What became of a request is not worth an error to a caller whose request was acted upon. */
async function keepAnswers(ctx: CallerContext, answers: { id: string; answer: string }[]): Promise<void> {
  try {
    await ctx.ledger.answerRequests(answers);
  } catch (error) {
    ctx.log.warn({ err: error, requestId: ctx.requestId }, 'the answers to requests were not kept');
  }
}

/** Asks of one execution. @throws ExecutionError what became of it, where that is an error */
export async function askOne<Result extends string>(
  ctx: CallerContext,
  verb: Verb<Result>,
  asked: Asked,
): Promise<Result> {
  const [settled] = await askEach(ctx, verb, [asked]);
  if (!settled || settled.error) throw settled?.error ?? executionNotFound(asked.executionId);
  return settled.result;
}
