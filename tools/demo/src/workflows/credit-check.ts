import { proxyActivities } from '@temporalio/workflow';
import type { Activities } from '../activities/index.ts';

const { scoreApplicant } = proxyActivities<Activities>({
  startToCloseTimeout: '10 s',
  summary: 'What the applicant can carry',
});

export async function creditCheck({ applicant, amount }: { applicant: string; amount: number }) {
  return await scoreApplicant(applicant, amount);
}
