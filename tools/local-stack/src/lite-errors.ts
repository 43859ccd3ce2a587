import { inspect } from 'node:util';

type DatabaseError = { code: string; message: string; detail?: string | null; hint?: string | null };

const isDatabaseError = (error: unknown): error is DatabaseError =>
  error instanceof Error && /^[0-9A-Z]{5}$/.test((error as { code?: string }).code ?? '');

/** PostgREST, docs/references/errors.rst, "PostgreSQL errors": the longest prefix decides, 400 otherwise. */
const statusBySqlState: Record<string, number> = {
  '08': 503,
  '09': 500,
  '0L': 403,
  '0P': 403,
  23503: 409,
  23505: 409,
  25: 500,
  28: 403,
  '2D': 500,
  38: 500,
  39: 500,
  '3B': 500,
  40: 500,
  53: 503,
  53400: 500,
  54: 500,
  55: 500,
  57: 500,
  58: 500,
  F0: 500,
  HV: 500,
  P0: 500,
  P0001: 400,
  XX: 500,
};

/** What Lite answers as PostgREST does: by role (42501), by number (PT…), or with its message rewritten. */
const liteKnows = (code: string): boolean => /^(PT|PGRST|42|22|21|23502|25006)/.test(code);

/** What the driver says when the database is away or goes away in the middle of a statement. */
const connectionCodes = /^(CONNECTION_|CONNECT_TIMEOUT|ECONN|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENOTFOUND)/;

/** Lite prints every error that a statement meets, with its stack. One line is enough for what a caller gets anyway. */
function printedInOneLine(error: unknown): unknown {
  if (error instanceof Error) {
    const { code } = error as { code?: string };
    const line = `supabase: ${code ? `${code} ` : ''}${error.message}`;
    Object.defineProperty(error, inspect.custom, { value: () => line, configurable: true });
  }
  return error;
}

/**
 * Lite answers SQLSTATEs that it does not know, those of `raise exception using errcode` among them, with status 500,
 * code SUP and no detail or hint. It does know PostgREST's own way for a function to set a whole response (`raise
 * sqlstate 'PGRST'`), so such errors are put into that form.
 */
export function asPostgrestError(error: unknown): unknown {
  printedInOneLine(error);
  const lost = (error as { code?: string } | null)?.code ?? '';
  // PostgREST, docs/references/errors.rst, group 0: "Connection".
  if (connectionCodes.test(lost)) {
    return answering(503, { code: 'PGRST001', message: `The database is away (${lost})`, details: null, hint: null });
  }
  if (!isDatabaseError(error) || liteKnows(error.code)) return error;
  const { code, message, detail = null, hint = null } = error;
  const status = statusBySqlState[code] ?? statusBySqlState[code.slice(0, 2)] ?? 400;
  return answering(status, { code, message, details: detail, hint });
}

type Body = { code: string; message: string; details: string | null; hint: string | null };

function answering(status: number, body: Body): Error {
  const line = `supabase: ${status} ${body.code} ${body.message}`;
  return Object.assign(new Error(JSON.stringify(body)), {
    code: 'PGRST',
    detail: JSON.stringify({ status, headers: {} }),
    [inspect.custom]: () => line,
  });
}
