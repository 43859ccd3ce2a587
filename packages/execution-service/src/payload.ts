import type { Json } from '@runledger/contracts';
import {
  ExecutionError,
  exactSource,
  findUnstorable,
  REPORTED_PAYLOAD_BYTES,
  STORABLE_DEPTH,
  storableValue,
} from '@runledger/contracts';

/** A payload that a caller hands in to be started with. @throws ExecutionError `invalid_input`, `payload_too_large` */
export function requirePayload(name: string, value: unknown): Json | undefined {
  if (value === undefined) return undefined;
  const unstorable = findUnstorable(value, { levels: STORABLE_DEPTH });
  if (unstorable) throw refusal([name, unstorable.path].filter(Boolean).join('.'), unstorable.problem);
  const storable = storableValue(value, REPORTED_PAYLOAD_BYTES);
  if (storable.kind === 'left_out') {
    if (storable.why !== 'too_large') throw refusal(name, 'cannot be written as JSON; pass plain data');
    throw new ExecutionError(
      'payload_too_large',
      `${name} is larger than ${REPORTED_PAYLOAD_BYTES} bytes as JSON. Store it elsewhere and pass a reference.`,
      { fields: { [name]: [`is larger than ${REPORTED_PAYLOAD_BYTES} bytes`] } },
    );
  }
  if (storable.notes.some((note) => note !== 'numbers_beyond_double')) {
    // Written by a `toJSON`, so nobody can say where.
    throw refusal(name, 'holds characters or numbers that Postgres cannot keep; remove them');
  }
  return storable.value;
}

/**
 * The input of an execution that the caller has started: it is recorded although characters had to be replaced, or it is
 * nested too deeply, with a note. Numbers are exact, or refused. @throws ExecutionError `invalid_input`, `payload_too_large`
 */
export function keepInput(value: unknown): { input?: Json; inputNote?: string } {
  if (value === undefined) return {};
  const { output, outputNote } = keepPayload(value);
  if (outputNote === 'too_deep') return { inputNote: outputNote };
  if (outputNote === 'too_large' || outputNote === 'not_json') return { input: requirePayload('input', value) };
  const wrong = findUnstorable(value, { levels: STORABLE_DEPTH, takesAnyText: true });
  if (wrong) throw refusal(['input', wrong.path].filter(Boolean).join('.'), wrong.problem);
  return { input: output, inputNote: outputNote };
}

/** Refuses numbers that a double does not hold, where they would be read back as doubles. @throws ExecutionError `invalid_input` */
export function requireDoubles(name: string, value: Json | undefined): void {
  const tooLong = findUnstorable(value, {
    levels: STORABLE_DEPTH,
    alsoRefuse: (node) =>
      exactSource(node) === null ? null : 'is a number that a double cannot hold; pass it as text',
  });
  if (tooLong) throw refusal([name, tooLong.path].filter(Boolean).join('.'), tooLong.problem);
}

function refusal(path: string, problem: string): ExecutionError {
  return new ExecutionError('invalid_input', `${path} ${problem}.`, { fields: { [path]: [problem] } });
}

/** A payload that comes with an end: the end is recorded whatever the payload is like, and the note says what is missing. */
export function keepPayload(value: unknown): { output?: Json; outputNote?: string } {
  if (value === undefined) return {};
  const storable = storableValue(value, REPORTED_PAYLOAD_BYTES);
  if (storable.kind === 'left_out') return { outputNote: storable.why };
  return { output: storable.value, ...(storable.notes.length > 0 ? { outputNote: storable.notes.join(', ') } : {}) };
}

/** A payload without a column for its note: one that cannot be kept is `{ note }` instead, and says why there. */
export function keepOrNote(value: unknown): Json | undefined {
  const { output, outputNote } = keepPayload(value);
  return output === undefined && outputNote !== undefined ? { note: outputNote } : output;
}
