import { readFileSync } from 'node:fs';
import { AdoptionRule } from '@runledger/contracts';
import { z } from 'zod';

/** A JSON array of adoption rules, or the path of a file that holds one. What is wrong is said with the rule's number. */
export const AdoptionRules = z
  .string()
  .transform((text, context): unknown => {
    try {
      return JSON.parse(text.trim().startsWith('[') ? text : readFileSync(text.trim(), 'utf8'));
    } catch (error) {
      context.addIssue(
        `is neither a JSON array nor the path of a readable file with one (${(error as Error).message})`,
      );
      return z.NEVER;
    }
  })
  .pipe(z.array(AdoptionRule));
