import { continueAsNew, proxyActivities } from '@temporalio/workflow';
import type { Activities } from '../activities/index.ts';

const { digestPage } = proxyActivities<Activities>({ startToCloseTimeout: '10 s' });

export interface InboxInput {
  pages: number;
  /** Where the run before left off. */
  page?: number;
  unread?: string[];
}

export async function digestInbox({ pages, page = 1, unread = [] }: InboxInput) {
  const soFar = [...unread, ...(await digestPage(page))];
  if (page < pages) await continueAsNew<typeof digestInbox>({ pages, page: page + 1, unread: soFar });
  return { pages, unread: soFar };
}
