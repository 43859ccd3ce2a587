import { TERMINAL_STATUSES } from '@runledger/contracts';
import { z } from 'zod';
import { MachineReport } from '../machine/report-request.ts';

type Json = Record<string, unknown>;

const { $schema: _, ...INPUT } = z.toJSONSchema(MachineReport, { io: 'input', unrepresentable: 'any' }) as Json;

const OUTPUT = {
  type: 'object',
  required: ['end', 'progress'],
  properties: {
    end: {
      description: 'What became of the end; null where none was reported.',
      anyOf: [
        {
          type: 'object',
          required: ['result', 'executionId', 'status', 'revision', 'reportId'],
          properties: {
            result: { enum: ['applied', 'already_terminal', 'conflict'] },
            executionId: { type: 'string' },
            status: { enum: ['pending', 'running', ...TERMINAL_STATUSES] },
            revision: { type: 'integer' },
            reportId: { type: 'string' },
          },
        },
        { type: 'null' },
      ],
    },
    progress: { enum: ['applied', 'behind', 'ended', null] },
  },
};

/** Reports of programs, which are not tRPC's. */
export const REPORT_SCHEMAS: Json = { 'report.Input': INPUT, 'report.Output': OUTPUT };

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
