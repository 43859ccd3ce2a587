import { sleep } from '@temporalio/workflow';

export interface Order {
  item: string;
}

export async function order({ item }: Order): Promise<{ packed: string }> {
  await sleep('1 second');
  return { packed: item };
}
