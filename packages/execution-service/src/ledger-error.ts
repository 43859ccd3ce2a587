import type { ExecutionErrorCode } from '@runledger/contracts';
import { EXECUTION_ERROR_CODES, ExecutionError, QuotaUse } from '@runledger/contracts';

/** What PostgREST says of a fault: an SQLSTATE, a code of its own (`PGRST…`), or nothing when no answer came. */
export interface PostgrestFault {
  code?: string | null;
  message: string;
  details?: string | null;
  hint?: string | null;
}

/** SQLSTATEs and PostgREST's own codes; longer keys win. https://docs.postgrest.org/en/stable/references/errors.html */
const CODES: Record<string, ExecutionErrorCode> = {
  // The same row twice in one statement.
  '21': 'invalid_input',
  '22': 'invalid_input',
  '23502': 'invalid_input',
  '23503': 'not_found',
  '23505': 'conflict',
  '23514': 'invalid_input',
  '54': 'payload_too_large',
  '42501': 'permission_denied',
  '42P01': 'schema_outdated',
  '42703': 'schema_outdated',
  '42883': 'schema_outdated',
  PGRST1: 'invalid_input',
  PGRST106: 'schema_outdated',
  PGRST2: 'schema_outdated',
  PGRST3: 'unauthenticated',
  PGRST0: 'ledger_unavailable',
  '08': 'ledger_unavailable',
  '40': 'ledger_unavailable',
  '53': 'ledger_unavailable',
  '55P03': 'ledger_unavailable',
  '57': 'ledger_unavailable',
  '57014': 'took_too_long',
};

const SERVICE_ROLE =
  'Writing the ledger needs the service role: make this client with the service-role key, on a server, never in a browser.';

/** Whether the migrations are applied cannot be told from this side of the API. */
const NOT_EXPOSED =
  'The project\'s API does not expose the schema "runledger". Add it to `schemas` under `[api]` in supabase/config.toml, or in the dashboard to "Exposed schemas" of the Data API settings, and apply supabase/migrations if that is still to be done.';

function codeOf(fault: PostgrestFault, status: number): ExecutionErrorCode {
  const given = fault.code ?? '';
  // Our own SQL raises PT<HTTP status>, which every PostgREST hands on, with the code as its detail, and data after it.
  const word = fault.details?.split(' ', 1)[0];
  const raised = EXECUTION_ERROR_CODES.find((code) => code === word);
  if (given.startsWith('PT') && raised) return raised;
  for (let length = given.length; length >= 2; length--) {
    const code = CODES[given.slice(0, length)];
    if (code) return code;
  }
  if (status === 401) return 'unauthenticated';
  if (status === 413) return 'payload_too_large';
  if (given === '' && (status === 0 || status >= 500)) return 'ledger_unavailable';
  return 'internal';
}

function messageOf(code: ExecutionErrorCode, fault: PostgrestFault, called: string | null): string {
  const said = [fault.message, fault.hint].filter(Boolean).join(' ');
  switch (code) {
    case 'permission_denied':
      if (fault.code?.startsWith('PT')) return said;
      return `The database refused: ${fault.message}. ${SERVICE_ROLE}`;
    case 'schema_outdated':
      if (fault.code === 'PGRST106') return NOT_EXPOSED;
      return `The database lacks a part of the ledger (${fault.message}). Apply supabase/migrations, then reload the API's schema cache.`;
    case 'took_too_long':
      return `The database cancelled ${called ?? 'a call'} after its time limit (${fault.message}). Nothing of it was kept, and the same call would take as long again. Ask for less at a time, or raise the statement_timeout of its role.`;
    case 'ledger_unavailable':
      return `The ledger's database did not answer (${fault.message}). Nothing is known to be lost: try again.`;
    case 'unauthenticated':
      return `The database's API refused the key or token (${fault.message}). Use a valid key of this project, or a fresh token.`;
    default:
      return said;
  }
}

function isRaisedByUs({ code, details }: PostgrestFault, raised: ExecutionErrorCode): boolean {
  return code?.startsWith('PT') === true && details?.split(' ', 1)[0] === raised;
}

/** What the database says of the limit that refused, after the code. */
function quotaOf(code: ExecutionErrorCode, { details }: PostgrestFault): { quota?: QuotaUse } {
  if (code !== 'quota_exceeded' || !details?.startsWith('quota_exceeded {')) return {};
  const { data } = QuotaUse.safeParse(JSON.parse(details.slice(code.length)));
  return data ? { quota: data } : {};
}

/** What the database says is wrong with which field, after the code. */
function fieldsOf(code: ExecutionErrorCode, { details }: PostgrestFault): { fields?: Record<string, string[]> } {
  if (code !== 'invalid_input' || !details?.startsWith('invalid_input {')) return {};
  return { fields: JSON.parse(details.slice('invalid_input '.length)) };
}

/** For writes that row-level security turned into "no rows". */
export function serviceRoleNeeded(what: string): ExecutionError {
  return new ExecutionError('permission_denied', `The database refused to ${what}. ${SERVICE_ROLE}`);
}

/** Turns what PostgREST answered into the one error of this project; the fault is kept as its cause. `called` names the table or function. */
export function ledgerError(fault: PostgrestFault, status: number, called: string | null = null): ExecutionError {
  const text = `${fault.message} ${fault.details ?? ''}`;
  if (fault.code === '23503' && /the_user_is_known|_user_id_fkey/.test(text)) {
    const message =
      'This user is not in runledger.users, nor in the table that users come from (runledger.follow_users). Add others before their first execution.';
    return new ExecutionError('unknown_user', message, { cause: fault });
  }
  if (fault.code === '23503' && text.includes('the_workflow_is_known')) {
    return new ExecutionError('not_found', 'There is no such workflow. Insert it into runledger.workflows first.', {
      cause: fault,
    });
  }
  const code = codeOf(fault, status);
  return new ExecutionError(code, messageOf(code, fault, called), {
    cause: fault,
    // What our own SQL raises is a sentence of ours; everything else quotes Postgres or PostgREST.
    ...(isRaisedByUs(fault, code) ? { forCaller: [fault.message, fault.hint].filter(Boolean).join(' ') } : {}),
    ...quotaOf(code, fault),
    ...fieldsOf(code, fault),
  });
}
