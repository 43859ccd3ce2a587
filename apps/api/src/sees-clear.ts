import type { RedactingWorkflow } from '@runledger/contracts';
import type { Env } from './env.ts';

/** Tells whether a caller sees in clear what a workflow redacts of its executions: of those that they see at all. */
export type SeesClear = (
  caller: { userId: string; isOperator: boolean; claims: Readonly<Record<string, unknown>> },
  workflow: RedactingWorkflow,
) => boolean;

/** What the environment says of it. */
export function readSeesClear({ RUNLEDGER_SEES_REDACTED: who }: Pick<Env, 'RUNLEDGER_SEES_REDACTED'>): SeesClear {
  return who === 'operators' ? ({ isOperator }) => isOperator : () => false;
}
