import type { Json, SavedView, ViewLedger } from '@runledger/contracts';
import { VIEW } from '@runledger/contracts';
import type { CallOptions } from './call-database.ts';
import { callDatabase } from './call-database.ts';
import { fromRow, toColumns } from './from-row.ts';
import type { Supabase } from './supabase.ts';

const toView = (row: unknown) => row && (fromRow(row as object) as unknown as SavedView);

/** Lists that users keep under a name. */
export function createViews(supabase: Supabase, call: CallOptions): ViewLedger {
  return {
    async listViews(userId) {
      const rows = await callDatabase(() => supabase.rpc('list_views', { p_user_id: userId }), call);
      return (rows as unknown as object[]).map((row) => fromRow(row) as unknown as SavedView);
    },

    async getView(userId, id) {
      const row = await callDatabase(() => supabase.rpc('get_view', { p_user_id: userId, p_id: id }), call);
      return toView(row) as SavedView | null;
    },

    async saveView(userId, view, id) {
      const p_view = toColumns(view) as Json;
      const asked = { p_user_id: userId, p_view, p_at_most: VIEW.most, ...(id === null ? {} : { p_id: id }) };
      return toView(await callDatabase(() => supabase.rpc('save_view', asked), call)) as SavedView | null;
    },

    async deleteView(userId, id) {
      return callDatabase(() => supabase.rpc('delete_view', { p_user_id: userId, p_id: id }), call);
    },
  };
}
