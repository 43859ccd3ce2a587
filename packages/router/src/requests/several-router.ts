import { CANCELLED, Json, REASON_LIMIT } from '@runledger/contracts';
import type { TRPCRouterRecord } from '@trpc/server';
import pMap from 'p-map';
import { z } from 'zod';
import type { CallerContext } from '../context.ts';
import type { ExecutionRules } from '../execution-rules.ts';
import type { ProcedureMeta } from '../key-scope.ts';
import { ExecutionId, shortText } from '../request.ts';
import { toExecutionError } from '../thrown.ts';
import { authedProcedure } from '../trpc.ts';
import type { Verb } from './ask-each.ts';
import { AT_ONCE, askEach } from './ask-each.ts';
import { CreateSeveralAnswer, CreateSeveralRequest, createExecutions } from './create-executions.ts';
import { deleteEach } from './deleting.ts';
import { EndResult, end, ending } from './ending.ts';
import { RerunRequest, rerunExecution } from './rerun-execution.ts';
import { ResetResult, reset, resetting } from './resetting.ts';
import { eachAnswer, ids, Refusal, refusalOf, takeCalls, toAnswers } from './several.ts';
import { SignalResult, signal, signalling, takeSignal } from './signalling.ts';
import { cancelling, StopResult, terminating } from './stopping.ts';

const reason = shortText(REASON_LIMIT);
const Rerun = RerunRequest.shape;
/** Of the five places of a user: one call about many at a time, and a small one beside it. */
const MANY = { places: 4 } as const satisfies ProcedureMeta;

/**
 * The same asked of up to 100 executions of the caller's, with an answer for each in their order: what is wrong with one keeps
 * nothing from the others. Each counts as a call of its own.
 */
export function createSeveralProcedures(rules: ExecutionRules) {
  return {
    /** Asks Temporal to cancel each; the workflows may clean up, and decide how they end. */
    cancelExecutions: authedProcedure
      .meta(MANY)
      .input(z.object({ ids, reason: reason.optional() }))
      .output(eachAnswer(StopResult))
      .mutation(({ ctx, input }) => askAll(ctx, cancelling(ctx), { reason: CANCELLED, ...input })),

    /** Ends each at once, without asking the workflow. */
    terminateExecutions: authedProcedure
      .meta(MANY)
      .input(z.object({ ids, reason }))
      .output(eachAnswer(StopResult))
      .mutation(({ ctx, input }) => askAll(ctx, terminating(ctx), input)),

    /** The same signal, with the same input, to each. */
    signalExecutions: authedProcedure
      .meta(MANY)
      .input(z.object({ ids, ...signal }))
      .output(eachAnswer(SignalResult))
      .mutation(async ({ ctx, input: { ids: of, name, input } }) => {
        await takeSignal(ctx, input, { most: rules.limits.inputBytes, times: of.length });
        return askAll(ctx, signalling(ctx, { name, input }), { ids: of, signalName: name });
      }),

    /** Each goes on from a point of its past, in a new run. */
    resetExecutions: authedProcedure
      .meta(MANY)
      .input(z.object({ ids, ...reset }))
      .output(eachAnswer(ResetResult))
      .mutation(({ ctx, input: { ids: of, to, reason: why } }) =>
        askAll(ctx, resetting(ctx, rules, { to, reason: why }), { ids: of, reason: why }),
      ),

    /** Says how each ended that Temporal does not know any more, so that they are settled. */
    endExecutions: authedProcedure
      .meta(MANY)
      .input(z.object({ ids, ...end }))
      .output(eachAnswer(EndResult))
      .mutation(({ ctx, input: { ids: of, as, reason: why } }) =>
        askAll(ctx, ending(ctx, { as, reason: why }), { ids: of, reason: why }),
      ),

    /** Deletes each with all that it owns. */
    deleteExecutions: authedProcedure
      .meta(MANY)
      .input(z.object({ ids }))
      .output(eachAnswer(z.literal('deleted')))
      .mutation(async ({ ctx, input }) => {
        await takeCalls(ctx, input.ids.length);
        return toAnswers(ctx, await deleteEach(ctx, input.ids));
      }),

    /** Starts up to 100, of one workflow or several. */
    createExecutions: authedProcedure
      .meta({ ...MANY, keyScope: 'start' })
      .input(CreateSeveralRequest)
      .output(CreateSeveralAnswer)
      .mutation(({ ctx, input }) => createExecutions(ctx, rules, input)),

    /** A rerun of each, with its own input or the one that is given. The key is for the call: it stands for one of each. */
    rerunExecutions: authedProcedure
      .meta(MANY)
      .input(
        z.object({
          ids,
          input: Json.optional(),
          reason: Rerun.reason,
          tags: Rerun.tags,
          metadata: Rerun.metadata,
          idempotencyKey: shortText(160).optional(),
        }),
      )
      .output(RerunAnswers)
      .mutation(({ ctx, input }) => rerunEach(ctx, rules, input)),
  } satisfies TRPCRouterRecord;
}

const RerunAnswers = z.array(
  z.discriminatedUnion('ok', [
    z.object({
      id: ExecutionId,
      ok: z.literal(true),
      /** The new execution, and where it stands. */
      rerunId: ExecutionId,
      status: z.string(),
    }),
    Refusal,
  ]),
);

async function askAll<Result extends string>(
  ctx: CallerContext,
  verb: Verb<Result>,
  { ids: of, ...asked }: { ids: string[]; reason?: string; signalName?: string },
) {
  await takeCalls(ctx, of.length);
  const each = of.map((executionId) => ({ ...asked, executionId, id: crypto.randomUUID() }));
  return toAnswers(ctx, await askEach(ctx, verb, each));
}

async function rerunEach(
  ctx: CallerContext,
  rules: ExecutionRules,
  { ids: of, ...request }: { ids: string[] } & Omit<RerunRequest, 'id'>,
) {
  await takeCalls(ctx, of.length);
  const { idempotencyKey: key } = request;
  return pMap(
    of,
    async (id) => {
      try {
        const own = key === undefined ? {} : { idempotencyKey: `${key}/${id}` };
        const { id: rerunId, status } = await rerunExecution(ctx, rules, { ...request, ...own, id });
        return { id, ok: true as const, rerunId, status };
      } catch (error) {
        return { id, ok: false as const, ...refusalOf(ctx, toExecutionError(error)) };
      }
    },
    // Each may read a large input back.
    { concurrency: AT_ONCE / 2 },
  );
}
