import type { Json } from '@runledger/contracts';
import type { LoadedDataConverter, Payload } from '@temporalio/common';
import { decodeFromPayloadsAtIndex } from '@temporalio/common/lib/internal-non-workflow/index.js';
import { storableJson, TooDeep } from './storable.ts';

/** Largest output kept, in bytes of JSON. */
export const OUTPUT_LIMIT_BYTES = 1_000_000;

export interface DecodedOutput {
  output: Json | null;
  /**
   * `undecodable` (encrypted or of an unknown encoding), `not_json` (bytes, or what JSON cannot say), `too_large`,
   * `too_deep`: there is no output. `characters_replaced`: there is, with U+FFFD for what Postgres cannot store.
   */
  outputNote: string | null;
}

/** Decodes what a workflow returned. Never throws: a result that cannot be read must not hide that it completed. */
export async function decodeOutput(
  converter: LoadedDataConverter,
  payloads: Payload[] | null | undefined,
): Promise<DecodedOutput> {
  if (!payloads?.length) return { output: null, outputNote: null };
  let value: unknown;
  try {
    // A workflow returns one value; further payloads come from other SDKs' tuples and have no name here.
    value = await decodeFromPayloadsAtIndex(converter, 0, payloads);
  } catch {
    return { output: null, outputNote: 'undecodable' };
  }
  if (value === undefined || value === null) return { output: null, outputNote: null };
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return { output: null, outputNote: 'not_json' };
  return toStorable(value);
}

function toStorable(value: unknown): DecodedOutput {
  try {
    const text = JSON.stringify(value);
    if (text === undefined) return { output: null, outputNote: 'not_json' };
    if (Buffer.byteLength(text) > OUTPUT_LIMIT_BYTES) return { output: null, outputNote: 'too_large' };
    const storable = storableJson(JSON.parse(text) as Json);
    return { output: storable.value, outputNote: storable.replaced ? 'characters_replaced' : null };
  } catch (error) {
    const tooDeep = error instanceof TooDeep || error instanceof RangeError;
    return { output: null, outputNote: tooDeep ? 'too_deep' : 'not_json' };
  }
}
