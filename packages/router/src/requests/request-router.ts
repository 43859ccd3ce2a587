import { CANCELLED, ExecutionRequests, ExecutionWithWorkflow } from '@runledger/contracts';
import type { TRPCRouterRecord } from '@trpc/server';
import { z } from 'zod';
import type { CallerContext } from '../context.ts';
import { executionNotFound, requireExecution } from '../control-execution.ts';
import type { ExecutionRules } from '../execution-rules.ts';
import { ExecutionId } from '../request.ts';
import { authedProcedure } from '../trpc.ts';
import { readScope } from '../whose.ts';
import type { Verb } from './ask-each.ts';
import { askOne } from './ask-each.ts';
import { deleteEach } from './deleting.ts';
import { EndRequest, EndResult, ending } from './ending.ts';
import { RerunRequest, rerunExecution } from './rerun-execution.ts';
import { ResetRequest, ResetResult, resetting } from './resetting.ts';
import { SignalRequest, SignalResult, signalling, takeSignal } from './signalling.ts';
import { CancelRequest, cancelling, StopResult, TerminateRequest, terminating } from './stopping.ts';
import { TrackRequest, TrackResult, trackExecution } from './tracking.ts';

/** What became of a request, and the execution as it stands after the call. */
const answerOf = <Result extends z.ZodType>(result: Result) => z.object({ result, execution: ExecutionWithWorkflow });

/** What users ask of one execution. Each is noted with the execution: who, what, when, why (`getRequests`). */
export function createRequestProcedures(rules: ExecutionRules) {
  return {
    /** Asks an execution to stop; its workflow decides. */
    cancelExecution: authedProcedure
      .input(CancelRequest)
      .output(answerOf(StopResult))
      .mutation(({ ctx, input: { id, reason = CANCELLED } }) => ask(ctx, cancelling(ctx), { executionId: id, reason })),

    /** Ends an execution at once, without its workflow's consent. */
    terminateExecution: authedProcedure
      .input(TerminateRequest)
      .output(answerOf(StopResult))
      .mutation(({ ctx, input: { id, reason } }) => ask(ctx, terminating(ctx), { executionId: id, reason })),

    /** Sends a signal to an open execution. */
    signalExecution: authedProcedure
      .input(SignalRequest)
      .output(answerOf(SignalResult))
      .mutation(async ({ ctx, input: { id, name, input, requestId } }) => {
        await takeSignal(ctx, input, { most: rules.limits.inputBytes, times: 1 });
        return ask(ctx, signalling(ctx, { name, input }), { executionId: id, signalName: name, id: requestId });
      }),

    /** Lets an execution run again from its first or last workflow task, in a new run of the same execution. */
    resetExecution: authedProcedure
      .input(ResetRequest)
      .output(answerOf(ResetResult))
      .mutation(({ ctx, input: { id, to, reason, requestId } }) =>
        ask(ctx, resetting(ctx, rules, { to, reason }), { executionId: id, reason, id: requestId }),
      ),

    /** Says how one ended that Temporal does not know any more, so that it is settled. */
    endExecution: authedProcedure
      .input(EndRequest)
      .output(answerOf(EndResult))
      .mutation(({ ctx, input: { id, as, reason } }) =>
        ask(ctx, ending(ctx, { as, reason }), { executionId: id, reason }),
      ),

    /** Starts a new execution of the same workflow, with the same input or another one. */
    rerunExecution: authedProcedure
      .input(RerunRequest)
      .output(ExecutionWithWorkflow)
      .mutation(({ ctx, input }) => rerunExecution(ctx, rules, input)),

    /** For operators: takes over a workflow that something else started in Temporal, as an execution of a user's. */
    trackExecution: authedProcedure
      .input(TrackRequest)
      .output(answerOf(TrackResult))
      .mutation(({ ctx, input }) => trackExecution(ctx, rules, input)),

    /** Deletes an execution that has ended, with all that the ledger holds of it; Temporal keeps its own until its retention. */
    deleteExecution: authedProcedure
      .input(z.object({ id: ExecutionId }))
      .output(z.object({ result: z.literal('deleted') }))
      .mutation(async ({ ctx, input: { id } }) => {
        const [deleted] = await deleteEach(ctx, [id]);
        if (!deleted || deleted.error) throw deleted?.error ?? executionNotFound(id);
        return { result: deleted.result };
      }),

    /** What was asked of an execution, newest first, and which one it is a rerun of. */
    getRequests: authedProcedure
      .input(z.object({ id: ExecutionId }))
      .output(ExecutionRequests)
      .query(async ({ ctx, input: { id } }) => {
        const requests = await ctx.caller.reader.requests(readScope(ctx), id);
        if (!requests) throw executionNotFound(id);
        return requests;
      }),
  } satisfies TRPCRouterRecord;
}

interface OneAsked {
  executionId: string;
  id?: string;
  reason?: string;
  signalName?: string;
}

async function ask<Result extends string>(ctx: CallerContext, verb: Verb<Result>, { id, ...asked }: OneAsked) {
  const result = await askOne(ctx, verb, { ...asked, id: id ?? crypto.randomUUID() });
  return { result, execution: await requireExecution(ctx, asked.executionId) };
}
