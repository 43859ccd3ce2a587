import { ExecutionError, FILTER_TEXT_LIMIT, issuesSentence, OrderRequest } from '@runledger/contracts';
import { Of } from '@runledger/router';
import { z } from 'zod';

/** What an export takes beside a filter. */
const Options = z.object({
  ...OrderRequest.shape,
  /** Inputs and outputs too, of the caller's own executions. */
  payloads: z.stringbool().default(false),
  /** Of all users, for the owner of this workflow, where the host shows rows. */
  everyoneOf: z.uuid().optional(),
  /** `everyone`: of all users, for an operator. */
  of: Of.default('caller'),
});
export type ExportRequest = z.output<typeof Options> & {
  /** What is left of the query, and its `filter`: a filter as text. */
  filter: string;
};

const KEYS = Object.keys(Options.shape);

/** Reads the query of an export. @throws ExecutionError `invalid_input` */
export function readExportRequest(query: URLSearchParams): ExportRequest {
  // Its parts may stand in the query, or in one text of it, as lists take it.
  const parts = new URLSearchParams([...query].filter(([key]) => key !== 'filter' && !KEYS.includes(key))).toString();
  const filter = [...query.getAll('filter'), parts].filter(Boolean).join('&');
  const given = Object.fromEntries([...query].filter(([key]) => KEYS.includes(key)));
  const parsed = Options.safeParse(given);
  if (parsed.success && filter.length <= FILTER_TEXT_LIMIT) return { ...parsed.data, filter };
  const problem = parsed.success
    ? `A filter has ${FILTER_TEXT_LIMIT} characters at most.`
    : issuesSentence(parsed.error);
  throw new ExecutionError('invalid_input', `Invalid export: ${problem}`, {
    ...(parsed.success ? {} : { cause: parsed.error, fields: z.flattenError(parsed.error).fieldErrors }),
    forCaller: `Invalid export: ${problem}`,
  });
}
