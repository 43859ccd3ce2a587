import { z } from 'zod';

/** pino's level of errors. */
const ERROR = 50;

const LogLine = z.object({
  level: z.number(),
  msg: z.string(),
  err: z.object({ message: z.string() }).partial().optional(),
});
const MigrationLine = z.object({ msg: z.literal('migration'), number: z.number(), of: z.number() });

function parsed<T>(schema: z.ZodType<T>, line: string): T | null {
  if (!line.startsWith('{')) return null;
  try {
    return schema.safeParse(JSON.parse(line)).data ?? null;
  } catch {
    return null; // cut off, or not JSON after all
  }
}

/** Hands on what a part logs as an error, in its name. */
export function complaintOf(part: string, line: string, complain: (error: string) => void): void {
  const said = parsed(LogLine, line);
  if (!said || said.level < ERROR) return;
  complain(`${part}: ${said.msg}${said.err?.message ? `: ${said.err.message}` : ''}`);
}

/** `migration 12 of 31`, from the database's line about it; `null` for any other line. */
export function migrationDetail(line: string): string | null {
  const said = parsed(MigrationLine, line);
  return said && `migration ${said.number} of ${said.of}`;
}
