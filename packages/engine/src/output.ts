import type { Json, Storable } from '@runledger/contracts';
import { ENGINE_PAYLOAD_BYTES, storableJson, storableValue } from '@runledger/contracts';
import type { LoadedDataConverter, Payload } from '@temporalio/common';
import { encodingOf, jsonTextOf } from './json-text.ts';
import { CodecUnavailable } from './remote-codec.ts';

/** Most payloads of one result that are read. */
const MOST_PAYLOADS = 1_000;

export interface DecodedOutput {
  /** Holds exact numbers (see `exactly`) where a double would round. */
  output: Json | null;
  /** Why it is not there, or not as it was; see `Outcome.outputNote`. */
  outputNote: string | null;
}

const NOTHING: DecodedOutput = { output: null, outputNote: null };

/**
 * Decodes what a workflow returned. Several payloads, of SDKs that return tuples, become a list, with the note
 * `several_payloads`. Never throws: a result that cannot be read must not hide that it completed.
 */
export async function decodeOutput(
  converter: LoadedDataConverter,
  payloads: Payload[] | null | undefined,
): Promise<DecodedOutput> {
  if (!payloads?.length) return NOTHING;
  const sent = payloads.reduce((sum, { data }) => sum + (data?.length ?? 0), 0);
  // A codec may compress or blow up, but not by much; this only spares decoding what is far too large.
  if (sent > 4 * ENGINE_PAYLOAD_BYTES || payloads.length > MOST_PAYLOADS)
    return { ...NOTHING, outputNote: 'too_large' };
  let plain = payloads;
  try {
    for (const codec of converter.payloadCodecs.toReversed()) plain = await codec.decode(plain);
  } catch (error) {
    const note = error instanceof CodecUnavailable ? `codec_unavailable: ${error.message}` : undecodable(payloads[0]);
    return { ...NOTHING, outputNote: note };
  }
  const read = plain.map((payload) => decodePayload(converter, payload));
  return read.length > 1 ? asList(read) : toOutput(read[0] ?? { kind: 'kept', value: null, notes: [] });
}

/** A payload that was left out says why in `note`. */
type Decoded = Extract<Storable, { kind: 'kept' }> | { kind: 'left_out'; note: string };

function decodePayload(converter: LoadedDataConverter, payload: Payload): Decoded {
  const text = jsonTextOf(payload);
  const encoding = encodingOf(payload);
  if (text !== null) return withEncoding(storableJson(text, ENGINE_PAYLOAD_BYTES), encoding);
  let value: unknown;
  try {
    value = converter.payloadConverter.fromPayload(payload);
  } catch {
    return { kind: 'left_out', note: undecodable(payload) };
  }
  if (value === undefined || value === null) return { kind: 'kept', value: null, notes: [] };
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer)
    return { kind: 'left_out', note: `not_json: ${encoding}` };
  return withEncoding(storableValue(value, ENGINE_PAYLOAD_BYTES), encoding);
}

function withEncoding(storable: Storable, encoding: string | null): Decoded {
  if (storable.kind === 'kept') return storable;
  return { kind: 'left_out', note: storable.why === 'not_json' ? `not_json: ${encoding}` : storable.why };
}

function asList(read: Decoded[]): DecodedOutput {
  const leftOut = read.find((item) => item.kind === 'left_out');
  if (leftOut) return toOutput(leftOut);
  const kept = read.flatMap((item) => (item.kind === 'kept' ? [item] : []));
  const value = kept.map((item) => item.value);
  const whole = storableValue(value, ENGINE_PAYLOAD_BYTES);
  if (whole.kind === 'left_out') return { ...NOTHING, outputNote: whole.why };
  const notes = new Set(kept.flatMap((item) => item.notes));
  return { output: value, outputNote: [...notes, 'several_payloads'].sort().join(', ') };
}

function toOutput(decoded: Decoded): DecodedOutput {
  if (decoded.kind === 'left_out') return { ...NOTHING, outputNote: decoded.note };
  return { output: decoded.value, outputNote: decoded.notes.join(', ') || null };
}

function undecodable(payload: Payload | undefined): string {
  return `undecodable: ${(payload && encodingOf(payload)) ?? 'no encoding'}`;
}
