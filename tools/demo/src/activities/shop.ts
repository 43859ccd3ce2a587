import { createHash } from 'node:crypto';
import { Context } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';

const numberOf = (text: string) => createHash('sha256').update(text).digest('hex').slice(0, 8).toUpperCase();

/** The gateway answers at the third attempt: what a payment activity has a retry policy for. */
export async function chargeCard({ item, amountCents }: { item: string; amountCents: number }): Promise<string> {
  const { attempt, workflowExecution } = Context.current().info;
  if (attempt < 3) {
    throw ApplicationFailure.create({
      type: 'GatewayTimeout',
      message: `The card gateway did not answer (attempt ${attempt})`,
    });
  }
  return `R-${numberOf(`${workflowExecution?.workflowId}:${item}:${amountCents}`)}`;
}

export async function shipParcel(item: string): Promise<string> {
  return `P-${numberOf(`${Context.current().info.workflowExecution?.workflowId}:${item}`)}`;
}

export async function openAccount(customer: string): Promise<string> {
  return `A-${numberOf(customer)}`;
}

export async function sendMail(customer: string, subject: string): Promise<string> {
  return `M-${numberOf(`${customer}:${subject}`)}`;
}

/** Above a limit it declines: a structured, final failure with its cause. */
export async function scoreApplicant(
  applicant: string,
  amount: number,
): Promise<{ applicant: string; granted: number }> {
  const limit = 10_000;
  if (amount <= limit) return { applicant, granted: amount };
  throw ApplicationFailure.create({
    type: 'CreditDeclined',
    message: `${applicant} asked for ${amount}, the limit is ${limit}`,
    nonRetryable: true,
    details: [{ applicant, amount, limit }],
    cause: new Error(`the score of ${applicant} does not carry ${amount}`),
  });
}
