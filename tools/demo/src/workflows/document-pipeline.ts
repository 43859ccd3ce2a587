import { proxyActivities } from '@temporalio/workflow';
import type { Activities } from '../activities/index.ts';

const { listDocuments, countWords, rankWords } = proxyActivities<Activities>({ startToCloseTimeout: '30 s' });

export async function documentPipeline({ top = 10 }: { top?: number }) {
  const documents = await listDocuments();
  const counts = await Promise.all(documents.map((document) => countWords(document)));
  return { documents: documents.length, words: await rankWords(counts, top) };
}
