import {
  ExecutionError,
  encodeFilter,
  FilterRequest,
  issuesSentence,
  readFilter,
  SavedView,
  ViewContent,
} from '@runledger/contracts';
import type { TRPCRouterRecord } from '@trpc/server';
import { z } from 'zod';
import { readInTurn } from './reading-in-turn.ts';
import { TimeZone } from './time-zone.ts';
import { authedProcedure } from './trpc.ts';

const ViewId = z.object({ id: z.uuid() });

/** Lists that users keep under a name, and may share by a link. */
export const viewProcedures = {
  /** The caller's saved views, by name. */
  listViews: authedProcedure
    .output(z.array(SavedView))
    // A hundred of twenty kilobytes.
    .query(({ ctx }) => readInTurn(ctx, 3, () => ctx.ledger.listViews(ctx.caller.userId))),

  /** A saved view of the caller's own, or one that is shared: its filter finds what the caller may see, not what its owner does. */
  getView: authedProcedure
    .input(ViewId)
    .output(SavedView)
    .query(async ({ ctx, input: { id } }) => {
      const view = await ctx.ledger.getView(ctx.caller.userId, id);
      if (!view) throw viewNotFound(id);
      return view;
    }),

  /**
   * Keeps a list under its name, in place of what had that name; with `id` in place of that view. At most 100 of each user. What
   * no filter has is left out of the filter, and named.
   */
  saveView: authedProcedure
    // What is kept is what pages show times in: whoever reads a shared view has a zone that there is.
    .input(ViewContent.extend({ id: z.uuid().optional(), timeZone: TimeZone.default('UTC') }))
    .output(SavedView.extend({ ignored: z.array(z.string()) }))
    .mutation(async ({ ctx, input: { id = null, ...view } }) => {
      const { filter, ignored } = checkFilter(view.filter);
      const saved = await ctx.ledger.saveView(ctx.caller.userId, { ...view, filter }, id);
      if (!saved) throw viewNotFound(id ?? '');
      return { ...saved, ignored };
    }),

  /** Deletes a saved view of the caller's own; links to it end with it. */
  deleteView: authedProcedure
    .input(ViewId)
    .output(z.object({ result: z.literal('deleted') }))
    .mutation(async ({ ctx, input: { id } }) => {
      if (!(await ctx.ledger.deleteView(ctx.caller.userId, id))) throw viewNotFound(id);
      return { result: 'deleted' };
    }),
} satisfies TRPCRouterRecord;

/** The filter as it is kept. @throws ExecutionError `invalid_input` where no list would take it */
function checkFilter(text: string): { filter: string; ignored: string[] } {
  const { filter, ignored } = readFilter(text);
  const parsed = FilterRequest.safeParse(filter);
  if (parsed.success) return { filter: encodeFilter(filter), ignored };
  throw new ExecutionError('invalid_input', `Invalid filter: ${issuesSentence(parsed.error)}`, {
    fields: { filter: Object.keys(z.flattenError(parsed.error).fieldErrors) },
  });
}

const viewNotFound = (id: string) =>
  new ExecutionError(
    'not_found',
    `There is no view ${id} of yours, nor is one shared; see execution.listViews for yours.`,
  );
