import { z } from 'zod';

/** Longest workflow id, workflow type and task queue, in UTF-8 bytes: Temporal's `limit.maxIDLength`. */
export const TEMPORAL_ID_BYTES = 1_000;

/** A workflow id, workflow type, task queue or namespace, as long as Temporal takes it. */
export const TemporalId = z
  .string()
  .min(1)
  .refine((id) => new TextEncoder().encode(id).length <= TEMPORAL_ID_BYTES, {
    error: `has more than ${TEMPORAL_ID_BYTES} bytes in UTF-8, which is Temporal's limit`,
  });
