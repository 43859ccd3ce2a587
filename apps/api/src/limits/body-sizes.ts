import { REQUEST_BODY_BYTES } from '@runledger/contracts';
import { calledProcedures } from '../called-procedures.ts';

/** Largest body of what carries nothing to be kept, in bytes: a hundred ids of the longest, and then some. */
export const SMALL_BODY_BYTES = 256_000;

/** Procedures that take payloads or definitions. */
export const LARGE_PROCEDURES: ReadonlySet<string> = new Set([
  'execution.createExecution',
  'execution.createExecutions',
  'execution.rerunExecution',
  'execution.rerunExecutions',
  'execution.signalExecution',
  'execution.signalExecutions',
  'workflow.create',
  'workflow.update',
]);

/**
 * How large the body of a request may be, by what it calls: parsing takes the one thread that answers everybody, so what needs
 * no large body gets none. A batch may be as large as one of its calls.
 * @param url `https://api.example.com/trpc/execution.createExecution,workflow.list`
 */
export function largestBody(url: string): number {
  const calls = calledProcedures(url) ?? [];
  return calls.some((call) => LARGE_PROCEDURES.has(call)) ? REQUEST_BODY_BYTES : SMALL_BODY_BYTES;
}
