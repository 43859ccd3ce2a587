import type { Json } from '@runledger/contracts';
import { ExecutionError } from '@runledger/contracts';

/** Largest payload the ledger keeps, in bytes of JSON: Temporal's own limit for one payload (`limit.blobSize.error`). */
const PAYLOAD_LIMIT = 2 * 1024 * 1024;

const bytes = (text: string) => new TextEncoder().encode(text).byteLength;

/** Postgres stores no NUL in text or jsonb. */
const NUL = '\u0000';
const ESCAPED_NUL = /(?<!\\)((?:\\\\)*)\\u0000/;

function stringify(value: unknown): string | undefined {
  try {
    return JSON.stringify(value);
  } catch {
    return undefined;
  }
}

/** A payload that a caller hands in to be started with. @throws ExecutionError `invalid_input`, `payload_too_large` */
export function requirePayload(name: string, value: unknown): Json | undefined {
  if (value === undefined) return undefined;
  const text = stringify(value);
  if (text === undefined) {
    throw new ExecutionError('invalid_input', `${name} cannot be written as JSON. Pass plain data.`, {
      fields: { [name]: ['is not JSON'] },
    });
  }
  if (bytes(text) > PAYLOAD_LIMIT) {
    throw new ExecutionError(
      'payload_too_large',
      `${name} has ${bytes(text)} bytes, and at most ${PAYLOAD_LIMIT} are kept. Store it elsewhere and pass a reference.`,
    );
  }
  if (ESCAPED_NUL.test(text)) {
    throw new ExecutionError(
      'invalid_input',
      `${name} contains a NUL character, which Postgres cannot store. Remove it.`,
      {
        fields: { [name]: ['contains a NUL character'] },
      },
    );
  }
  return JSON.parse(text) as Json;
}

/** A payload that comes with an end: the end is recorded whatever the payload is like, and the note says what is missing. */
export function keepPayload(value: unknown): { output?: Json; outputNote?: string } {
  if (value === undefined) return {};
  const text = stringify(value);
  if (text === undefined) return { outputNote: 'not_json' };
  if (bytes(text) > PAYLOAD_LIMIT) return { outputNote: 'too_large' };
  return { output: JSON.parse(withoutNul(text)) as Json };
}

/** NUL characters become U+FFFD, the replacement character. */
export function withoutNul(text: string): string {
  return text.replaceAll(NUL, '\uFFFD').replaceAll(new RegExp(ESCAPED_NUL, 'g'), '$1\uFFFD');
}
