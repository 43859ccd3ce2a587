import type { Json } from '@runledger/contracts';
import {
  CAUSE_LIMIT,
  causesOf,
  ERROR_MESSAGE_LIMIT,
  linkCauses,
  STACK_LIMIT,
  storableText,
} from '@runledger/contracts';
import { keepPayload } from './payload.ts';

export interface ReportedError {
  errorMessage: string;
  failure: Json | null;
}

/** Longest name of an error kept, in characters. */
const NAME_LIMIT = 500;

const cut = (text: unknown, length: number) => storableText(String(text ?? ''), length);

interface Described {
  [field: string]: unknown;
  cause?: Described | null;
  omittedCauses?: number;
}

function describeError(error: Error): Described | null {
  const causes = causesOf(error, ({ cause }) => (cause instanceof Error ? cause : null));
  return linkCauses(
    causes.map(
      ({ name, message, stack }): Described => ({
        type: cut(name, NAME_LIMIT),
        message: cut(message, ERROR_MESSAGE_LIMIT),
        stack: cut(stack, STACK_LIMIT),
      }),
    ),
  );
}

/** What somebody else's code made of an error, with at most as many causes as are kept of ours. */
function boundedCauses(error: unknown): unknown {
  if (!isObject(error)) return error;
  const causes = causesOf(error, ({ cause }) => (isObject(cause) ? cause : null));
  return causes.length > CAUSE_LIMIT ? linkCauses<Described>(causes.map(({ cause: _, ...own }) => own)) : error;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What a caller passes as an error: a message, an Error, or anything JSON with a `message` or `error` in it. */
export function reportedError(error: unknown, fallback: string): ReportedError {
  if (error === undefined || error === null || error === '') return { errorMessage: fallback, failure: null };
  if (typeof error === 'string') return { errorMessage: cut(error, ERROR_MESSAGE_LIMIT), failure: null };
  if (error instanceof Error) {
    const failure = describeError(error) as Json;
    return { errorMessage: cut(error.message || error.name || fallback, ERROR_MESSAGE_LIMIT), failure };
  }
  const { output, outputNote } = keepPayload(boundedCauses(error));
  // Without a column for its note it says so in its own place.
  const failure = output ?? (outputNote === undefined ? null : { note: outputNote });
  const said = isObject(error) ? (error.message ?? error.error) : error;
  const text =
    typeof said === 'string' && said !== '' ? said : JSON.stringify(keepPayload(said).output ?? output ?? null);
  return { errorMessage: cut(text === 'null' ? fallback : text, ERROR_MESSAGE_LIMIT), failure };
}
