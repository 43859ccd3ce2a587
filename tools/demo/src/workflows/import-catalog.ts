import { ApplicationFailure } from '@temporalio/common';
import { proxyActivities, workflowInfo } from '@temporalio/workflow';
import type { Activities } from '../activities/index.ts';

const { readCatalog } = proxyActivities<Activities>({ startToCloseTimeout: '10 s' });

export async function importCatalog({ supplier }: { supplier: string }) {
  const { articles, of } = await readCatalog(supplier, workflowInfo().attempt === 1);
  if (articles.length < of) {
    throw ApplicationFailure.create({
      type: 'CatalogIncomplete',
      message: `${supplier} has sent ${articles.length} of ${of} articles`,
    });
  }
  return { supplier, articles: articles.length, cents: articles.reduce((sum, { priceCents }) => sum + priceCents, 0) };
}
