import { readFileSync } from 'node:fs';
import { z } from 'zod';

/** A JSON array as text, or the path of a file that holds one; what is in it is for the next schema to check. */
export const JsonArray = z.string().transform((text, context): unknown => {
  try {
    return JSON.parse(text.trim().startsWith('[') ? text : readFileSync(text.trim(), 'utf8'));
  } catch (error) {
    context.addIssue(`is neither a JSON array nor the path of a readable file with one (${(error as Error).message})`);
    return z.NEVER;
  }
});
