import { z } from 'zod';
import { TEMPORAL_ID_BYTES } from './facts/limits.ts';

const TOO_LONG = `has more than ${TEMPORAL_ID_BYTES} bytes in UTF-8, which is Temporal's limit`;

/** A workflow id, workflow type, task queue or namespace, as long as Temporal takes it. */
export const TemporalId = z
  .string()
  .min(1)
  // No character has less than a byte, so that a long text is not encoded to be measured.
  .max(TEMPORAL_ID_BYTES, { abort: true, error: TOO_LONG })
  .refine((id) => new TextEncoder().encode(id).length <= TEMPORAL_ID_BYTES, {
    error: TOO_LONG,
  });
