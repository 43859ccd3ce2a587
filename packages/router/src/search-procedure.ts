import { FoundExecution } from '@runledger/contracts';
import type { TRPCRouterRecord } from '@trpc/server';
import { z } from 'zod';
import { shortText } from './request.ts';
import type { RowFactsCache } from './row-facts.ts';
import { authedProcedure } from './trpc.ts';
import { listScope, of } from './whose.ts';

/** Longest id that Temporal takes, in characters. */
const LONGEST_TEXT = 1_000;

export const createSearchProcedures = (names: RowFactsCache) =>
  ({
    /**
     * One box for whatever names an execution of the caller's, or of anybody's for an operator: its id, its Temporal workflow id, a run id, with
     * `of: 'everyone'` the id of its user; where nothing has that name, words of an error message (3 to 200 characters). At most 20, each with what matched.
     */
    search: authedProcedure
      .input(z.object({ text: shortText(LONGEST_TEXT), of }))
      .output(z.array(FoundExecution))
      .query(async ({ ctx, input }) => {
        const found = await ctx.caller.reader.search(listScope(ctx, input.of), input.text);
        const rows = await names.describe(
          ctx,
          found.map(({ row }) => row),
        );
        return rows.map((execution, index) => ({
          ...{ matched: (found[index] as (typeof found)[number]).matched, execution },
        }));
      }),
  }) satisfies TRPCRouterRecord;
