import { ID_COUNT, USER_ID_LIMIT } from '@runledger/contracts';
import type { TRPCRouterRecord } from '@trpc/server';
import { z } from 'zod';
import { requireOwned } from './list-executions.ts';
import type { Publishing } from './publishing.ts';
import { requireRows } from './publishing.ts';
import { authedProcedure } from './trpc.ts';

const Request = z.object({
  ids: z.array(z.string().min(1).max(USER_ID_LIMIT)).min(1).max(ID_COUNT),
  /** A workflow that the caller owns: names of who ran it, where the host shows rows. Default: the caller's own name alone, any for an operator. */
  workflowId: z.uuid().optional(),
});

const UserName = z.object({ id: z.string(), name: z.string().nullable() });

export const createUserNameProcedures = (publishing: Publishing) =>
  ({
    /** What users are called, of up to 100 in one call. Those outside of the caller's scope are left out. */
    getUserNames: authedProcedure
      .input(Request)
      .output(z.array(UserName))
      .query(async ({ ctx, input: { ids, workflowId } }) => {
        const { userId } = ctx.caller;
        let names: Record<string, string | null>;
        if (workflowId === undefined) {
          const facts = { viewer: userId, workflowIds: [], usualOf: [] };
          const userIds = [...new Set(ids)].filter((one) => one === userId || ctx.caller.isOperator);
          names = userIds.length > 0 ? (await ctx.ledger.describeRows({ ...facts, userIds })).users : {};
        } else {
          const workflow = await requireOwned(ctx, workflowId);
          requireRows(publishing, ctx.caller, workflow);
          names = await ctx.ledger.userNames([...new Set(ids)], workflowId);
        }
        return Object.entries(names).map(([id, name]) => ({ id, name }));
      }),
  }) satisfies TRPCRouterRecord;
