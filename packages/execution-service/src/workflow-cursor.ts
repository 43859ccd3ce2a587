import { ExecutionError } from '@runledger/contracts';
import { z } from 'zod';
import { fromBase64Url, toBase64Url } from './encoding.ts';

/** The last workflow of a page: whether it is the reader's own, its name and id, by which the list is sorted. */
export interface WorkflowPosition {
  isOwn: boolean;
  name: string;
  id: string;
}

const Encoded = z.tuple([z.literal('workflows'), z.boolean(), z.string().max(200), z.uuid()]);

/** Carries no authority: what a user may see is decided by each query. */
export function encodeWorkflowCursor({ isOwn, name, id }: WorkflowPosition): string {
  return toBase64Url(JSON.stringify(['workflows', isOwn, name, id]));
}

/** @throws ExecutionError `invalid_cursor` for anything that `encodeWorkflowCursor` did not make */
export function decodeWorkflowCursor(cursor: string): WorkflowPosition {
  try {
    const [, isOwn, name, id] = Encoded.parse(JSON.parse(fromBase64Url(cursor)));
    return { isOwn, name, id };
  } catch (cause) {
    const what = 'This cursor is not of the list of workflows. Pass nextCursor of the page before, or none.';
    throw new ExecutionError('invalid_cursor', what, { cause });
  }
}
