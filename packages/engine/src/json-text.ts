import { storableText } from '@runledger/contracts';
import type { Payload } from '@temporalio/common';

const ENCODING_LIMIT = 100;

/** How a payload says it is encoded (`json/plain`, `binary/encrypted`); `null` when it says nothing. */
export function encodingOf(payload: Payload): string | null {
  const encoding = payload.metadata?.encoding;
  return encoding?.length ? storableText(Buffer.from(encoding).toString(), ENCODING_LIMIT) : null;
}

/**
 * The JSON text of a payload that says it is JSON, whatever SDK wrote it: `json/plain`, and `json/protobuf` of Go, Java
 * and Python. The text itself, and not what a converter makes of it: JavaScript rounds its numbers.
 */
export function jsonTextOf(payload: Payload): string | null {
  if (!encodingOf(payload)?.startsWith('json/') || isReference(payload)) return null;
  return Buffer.from(payload.data ?? []).toString();
}

/** Names where the payload was put instead of being it. */
function isReference(payload: Payload): boolean {
  return Buffer.from(payload.metadata?.messageType ?? [])
    .toString()
    .endsWith('.ExternalStorageReference');
}
