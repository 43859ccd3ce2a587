import { ApplicationFailure } from '@temporalio/common';
import { proxyActivities, workflowInfo } from '@temporalio/workflow';
import type { Activities } from '../activities/index.ts';

const { readCatalog } = proxyActivities<Activities>({ startToCloseTimeout: '10 s' });

export async function importCatalog({ supplier }: { supplier: string }) {
  const articles = await readCatalog(supplier);
  if (workflowInfo().attempt === 1) {
    throw ApplicationFailure.create({
      type: 'CatalogIncomplete',
      message: `${supplier} has sent ${articles - 1} of ${articles} articles`,
    });
  }
  return { supplier, articles };
}
