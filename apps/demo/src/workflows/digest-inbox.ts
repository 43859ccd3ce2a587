import { continueAsNew, proxyActivities } from '@temporalio/workflow';
import type { Activities } from '../activities/index.ts';

const { digestPage } = proxyActivities<Activities>({ startToCloseTimeout: '10 s' });

export interface InboxInput {
  pages: number;
  page?: number;
  unread?: number;
}

export async function digestInbox({
  pages,
  page = 1,
  unread = 0,
}: InboxInput): Promise<{ pages: number; unread: number }> {
  const total = unread + (await digestPage(page));
  if (page < pages) await continueAsNew<typeof digestInbox>({ pages, page: page + 1, unread: total });
  return { pages, unread: total };
}
