import type { RedactingWorkflow } from '@runledger/contracts';
import type { Env } from './env.ts';

/** Tells whether a caller may see something of a workflow's executions: of those that they see at all. */
export type MaySee = (
  caller: { userId: string; isOperator: boolean; claims: Readonly<Record<string, unknown>> },
  workflow: RedactingWorkflow,
) => boolean;

/** What the environment says of who sees in clear what workflows redact, and for whom the codec server decodes. */
export function readMaySee(env: Pick<Env, 'RUNLEDGER_SEES_REDACTED' | 'RUNLEDGER_CODEC_FOR'>): {
  seesClear: MaySee;
  mayDecode: MaySee;
} {
  const isOperator: MaySee = (caller) => caller.isOperator;
  return {
    seesClear: env.RUNLEDGER_SEES_REDACTED === 'operators' ? isOperator : () => false,
    mayDecode: env.RUNLEDGER_CODEC_FOR === 'everyone' ? () => true : isOperator,
  };
}
