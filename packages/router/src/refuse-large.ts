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
