import type { SavedView, ViewContent } from '../saved-view.ts';

/** Lists that users keep under a name. Each is the user's own unless it is shared. */
export interface ViewLedger {
  /** The user's own, by name. */
  listViews(userId: string): Promise<SavedView[]>;
  /** The user's own, or one that is shared; `null` where there is neither. */
  getView(userId: string, id: string): Promise<SavedView | null>;
  /**
   * Under its name, or in place of the one with `id`; `null` where the user has no such one.
   * @throws `quota_exceeded` beyond 100 of a user, `conflict` where another one has the name
   */
  saveView(userId: string, view: ViewContent, id: string | null): Promise<SavedView | null>;
  /** Whether the user had it. */
  deleteView(userId: string, id: string): Promise<boolean>;
}
