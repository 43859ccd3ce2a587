import { Instant } from '@runledger/contracts';
import { z } from 'zod';

/** Started at or after `from` and before `to`; since the beginning without them. Widened to whole UTC hours. */
export const Window = z.object({ workflowId: z.uuid().optional(), from: Instant.optional(), to: Instant.optional() });

export const limitOf = (most: number) => z.number().int().min(1).max(most).default(10);
