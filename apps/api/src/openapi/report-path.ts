import { z } from 'zod';
import { ReportAnswer } from '../machine/report-answer.ts';
import { MachineReport } from '../machine/report-request.ts';

type Json = Record<string, unknown>;

const schemaOf = (schema: z.ZodType, io: 'input' | 'output'): Json => {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any' }) as Json;
  return rest;
};

/** Reports of programs, which are not tRPC's. */
export const REPORT_SCHEMAS: Json = {
  'report.Input': schemaOf(MachineReport, 'input'),
  'report.Output': schemaOf(ReportAnswer, 'output'),
};

export const reportPath = (ref: (name: string) => Json, refusals: Json): Json => ({
  '/report': {
    post: {
      operationId: 'report',
      tags: ['report'],
      summary: 'A program with a key says how an execution ended, how far it has got, or both.',
      requestBody: { required: true, content: { 'application/json': { schema: ref('report.Input') } } },
      responses: {
        200: { description: 'What became of it.', content: { 'application/json': { schema: ref('report.Output') } } },
        ...refusals,
      },
    },
  },
});
