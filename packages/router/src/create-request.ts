import {
  GivenColumns,
  IDEMPOTENCY_KEY_LIMIT,
  Json,
  StartDelay,
  TAG_COUNT,
  TAG_LIMIT,
  Timeout,
  WorkflowRef,
} from '@runledger/contracts';
import { z } from 'zod';
import { shortText } from './request.ts';

export const CreateExecutionRequest = z.object({
  // What the row keeps of a request; tags and metadata are bound more tightly below.
  ...GivenColumns.shape,
  /** Its id, or the key of the host's own row that it follows. */
  workflowId: WorkflowRef,
  /** Handed to the workflow as its one argument; `null` when left out. */
  input: Json.optional(),
  tags: z.array(shortText(TAG_LIMIT)).max(TAG_COUNT).default([]),
  metadata: z.record(z.string().max(100), Json).default({}),
  /** How long Temporal waits before it begins. At most 365 days. */
  startDelay: StartDelay.optional(),
  /** Temporal's execution timeout, for the whole chain: at most that of the workflow, where it has one. */
  executionTimeout: Timeout.optional(),
  /** Temporal's run timeout, for each run: at most that of the workflow, where it has one. */
  runTimeout: Timeout.optional(),
  /**
   * The same key of the same user with the same input within 24 hours is the same execution of the workflow, started once. A
   * start that Temporal refused frees it.
   */
  idempotencyKey: shortText(IDEMPOTENCY_KEY_LIMIT).optional(),
});
export type CreateExecutionRequest = z.output<typeof CreateExecutionRequest>;
