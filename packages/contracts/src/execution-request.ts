import { z } from 'zod';
import { Timestamp } from './execution.ts';

/** What users ask of an execution beside its start. */
export const REQUEST_KINDS = ['cancel', 'terminate', 'signal', 'reset', 'rerun', 'end'] as const;
export type RequestKind = (typeof REQUEST_KINDS)[number];

/** One thing that a user asked of an execution. */
export const ExecutionRequest = z.object({
  id: z.uuid(),
  kind: z.enum(REQUEST_KINDS),
  at: Timestamp,
  /** The user who asked. */
  by: z.string(),
  reason: z.string().nullable(),
  /** Of a signal. Its input is not kept. */
  signalName: z.string().nullable(),
  /** Of a rerun: the execution that it made, which may have been deleted since. */
  rerunId: z.uuid().nullable(),
  /** The result that the caller got, or the code of the error; `null` where none is known. */
  answer: z.string().nullable(),
});
export type ExecutionRequest = z.infer<typeof ExecutionRequest>;

/** What was asked of an execution, and which one it repeats. */
export const ExecutionRequests = z.object({
  /** The execution that this one is a rerun of, unless that was deleted. */
  rerunOf: z.object({ executionId: z.uuid(), at: Timestamp, by: z.string(), reason: z.string().nullable() }).nullable(),
  /** Newest first, at most 200. */
  requests: z.array(ExecutionRequest),
  /** There are older ones. */
  more: z.boolean(),
});
export type ExecutionRequests = z.infer<typeof ExecutionRequests>;
