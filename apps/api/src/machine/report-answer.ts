import { EXECUTION_STATUSES, RECORD_RESULTS } from '@runledger/contracts';
import { z } from 'zod';

/** What a program reads that has reported. */
export const ReportAnswer = z.object({
  end: z
    .object({
      result: z.enum(RECORD_RESULTS).exclude(['not_found', 'unchanged']),
      executionId: z.string(),
      status: z.enum(EXECUTION_STATUSES),
      revision: z.int(),
      reportId: z.string(),
    })
    .nullable()
    .describe('What became of the end; null where none was reported.'),
  progress: z
    .enum(['applied', 'behind', 'ended'])
    .nullable()
    .describe('What became of the progress; null where none was reported.'),
});
export type ReportAnswer = z.infer<typeof ReportAnswer>;
