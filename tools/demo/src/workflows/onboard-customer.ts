import { executeChild, proxyActivities } from '@temporalio/workflow';
import type { Activities } from '../activities/index.ts';

const { openAccount, sendMail } = proxyActivities<Activities>({ startToCloseTimeout: '10 s' });

export async function onboardCustomer({ customer }: { customer: string }) {
  const account = await openAccount(customer);
  const mails = await executeChild(sendWelcomePack, { args: [customer] });
  return { account, mails };
}

/** The child: two mails, one after the other. */
export async function sendWelcomePack(customer: string): Promise<number> {
  await sendMail(customer, 'Welcome');
  await sendMail(customer, 'Where to find what');
  return 2;
}
