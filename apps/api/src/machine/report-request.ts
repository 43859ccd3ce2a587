import {
  ExecutionError,
  issuesSentence,
  Json,
  ProgressReport,
  TERMINAL_STATUSES,
  VERDICT_LIMIT,
} from '@runledger/contracts';
import { z } from 'zod';

/** What a program says of an execution: how it ended, how far it has got, or both. */
export const MachineReport = z
  .object({
    /** Row id or Temporal workflow id. */
    execution: z.string().min(1).max(1_000),
    status: z.enum(TERMINAL_STATUSES).optional(),
    /** With `completed`. */
    output: Json.optional(),
    /** With the other statuses: a message, or anything JSON. */
    error: Json.optional(),
    durationMs: z.number().nonnegative().max(1e13).optional(),
    verdict: z.string().min(1).max(VERDICT_LIMIT).optional(),
    /** Names the report: sent again with the same id it gets the first one's answer. */
    reportId: z.uuid().optional(),
    /** The Temporal run that it is about. Default: the current one. */
    runId: z.string().min(1).max(255).optional(),
    progress: ProgressReport.optional(),
  })
  .refine(({ status, progress }) => status !== undefined || progress !== undefined, {
    path: ['status'],
    message: 'say how it ended (status), or how far it has got (progress)',
  });
export type MachineReport = z.output<typeof MachineReport>;

/** @throws ExecutionError `invalid_input` */
export function parseReport(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    throw new ExecutionError('invalid_input', 'The body has to be JSON.');
  }
}

/** @throws ExecutionError `invalid_input` with the fields */
export function readMachineReport(value: unknown): MachineReport {
  const parsed = MachineReport.safeParse(value);
  if (parsed.success) return parsed.data;
  const fields: Record<string, string[]> = {};
  for (const { path, message } of parsed.error.issues) {
    const name = path.map(String).join('.') || 'request';
    fields[name] = [...(fields[name] ?? []), message];
  }
  throw new ExecutionError('invalid_input', issuesSentence(parsed.error), { fields });
}
