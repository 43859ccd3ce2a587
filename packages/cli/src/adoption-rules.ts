import { readFileSync } from 'node:fs';
import { AdoptionRule } from '@runledger/contracts';
import { z } from 'zod';

/**
 * Reads RUNLEDGER_ADOPTION as the worker does: a JSON array, or the path of a file that holds one.
 * @throws Error that says which rule is wrong
 */
export function readAdoptionRules(text: string): AdoptionRule[] {
  const rules: unknown = JSON.parse(text.trim().startsWith('[') ? text : readFileSync(text.trim(), 'utf8'));
  const parsed = z.array(AdoptionRule).safeParse(rules);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const [at, ...within] = issue?.path ?? [];
  const where = typeof at === 'number' ? `rule ${at + 1}${within.length > 0 ? `, ${within.join('.')}` : ''}` : 'it';
  throw new Error(`${where}: ${issue?.message}`);
}
