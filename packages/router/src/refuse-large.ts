import type { Json } from '@runledger/contracts';
import { ExecutionError } from '@runledger/contracts';
import { jsonBytes } from './limits.ts';

/** @throws ExecutionError `payload_too_large` where a value has more than `limit` bytes as JSON */
export function refuseLarge(field: string, value: Json | Record<string, Json>, limit: number): void {
  const bytes = jsonBytes(value);
  if (bytes <= limit) return;
  const problem = `has ${bytes} bytes as JSON; at most ${limit} are taken. Store large data elsewhere and pass a reference`;
  throw new ExecutionError('payload_too_large', `${field} ${problem}.`, { fields: { [field]: [problem] } });
}

/** @throws ExecutionError `payload_too_large` where a value has more than `limit` keys and values */
export function refuseManyParts(field: string, value: Json | Record<string, Json>, limit: number): void {
  if (countParts(value, limit) <= limit) return;
  const problem = `has more than ${limit} keys and values. Put what is more into the input, or pass it as text`;
  throw new ExecutionError('payload_too_large', `${field} ${problem}.`, { fields: { [field]: [problem] } });
}

/** Counts keys and values, itself included, and no further than `most`. */
function countParts(value: Json, most: number): number {
  if (typeof value !== 'object' || value === null) return 1;
  const isArray = Array.isArray(value);
  let parts = 1;
  for (const item of isArray ? value : Object.values(value)) {
    parts += (isArray ? 0 : 1) + countParts(item, most);
    if (parts > most) break;
  }
  return parts;
}
