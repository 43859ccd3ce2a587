import { z } from 'zod';
import { Timestamp } from './execution.ts';
import { FILTER_TEXT_LIMIT, VIEW } from './facts/limits.ts';
import { OrderRequest } from './filter-request.ts';

/** What a saved view holds: a list, without what is in it. */
export const ViewContent = z.object({
  /** A user has one view of a name. */
  name: z.string().trim().min(1).max(VIEW.name),
  /** As page addresses carry it (`encodeFilter`); relative instants stay relative. */
  filter: z.string().max(FILTER_TEXT_LIMIT).default(''),
  /** The columns that a page shows, in its order; what they mean is the page's. */
  columns: z.array(z.string().min(1).max(VIEW.column)).max(VIEW.columns).default([]),
  ...OrderRequest.shape,
  /** IANA name. */
  timeZone: z.string().min(1).max(VIEW.timeZone).default('UTC'),
  /** Whether whoever has its id may read it. They see by it what they may see, not what its owner does. */
  isShared: z.boolean().default(false),
});
export type ViewContent = z.output<typeof ViewContent>;

export const SavedView = z.object({
  ...ViewContent.shape,
  id: z.uuid(),
  /** Whether it is the reader's: whose another one is, is not told. */
  isOwn: z.boolean(),
  createdAt: Timestamp,
  updatedAt: Timestamp,
});
export type SavedView = z.output<typeof SavedView>;
