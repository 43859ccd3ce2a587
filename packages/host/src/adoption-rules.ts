import { AdoptionRule } from '@runledger/contracts';
import { z } from 'zod';
import { JsonArray } from './json-array.ts';

const Rules = z.array(AdoptionRule);

/** RUNLEDGER_ADOPTION: a JSON array of adoption rules, or the path of a file. A mistake is named by its rule's number, from 1. */
export const AdoptionRules = JsonArray.transform((value, context): AdoptionRule[] => {
  const parsed = Rules.safeParse(value);
  if (parsed.success) return parsed.data;
  for (const { path, message } of parsed.error.issues) {
    const named = path.map((part) => (typeof part === 'number' ? `rule ${part + 1}` : part));
    context.addIssue({ code: 'custom', path: named, message });
  }
  return z.NEVER;
});

/**
 * Reads the rules as the worker does.
 * @throws Error that names every mistake by its rule and field
 */
export function readAdoptionRules(text: string): AdoptionRule[] {
  const parsed = AdoptionRules.safeParse(text);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(({ path, message }) =>
    path.length === 0 ? `RUNLEDGER_ADOPTION: ${message}` : `${path.map(String).join(', ')}: ${message}`,
  );
  throw new Error(problems.join('; '));
}

/** The rules that apply in a namespace. */
export const rulesOf = (rules: readonly AdoptionRule[], namespace: string): AdoptionRule[] =>
  rules.filter((rule) => rule.namespace === undefined || rule.namespace === namespace);

/** A sentence for each rule of a namespace that is not followed: it would never be used. */
export const rulesElsewhere = (rules: readonly AdoptionRule[], followed: readonly string[]): string[] =>
  rules.flatMap(({ namespace }, at) =>
    namespace === undefined || followed.includes(namespace)
      ? []
      : [`rule ${at + 1}, namespace: ${namespace} is not followed here, only ${followed.join(', ')}`],
  );
