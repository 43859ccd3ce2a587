import { fileURLToPath } from 'node:url';
import { createAppRouter } from '@runledger/router';
import { readComments } from './procedure-comments.ts';
import { proceduresOf } from './procedures.ts';
import { referenceText } from './reference.ts';

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const DESCRIPTIONS_FILE = at('./descriptions.json');
const REFERENCE_FILE = at('../../../../docs/api-reference.md');

/** What is made from the router, by the file in which it stands. */
export async function generated(): Promise<Record<string, string>> {
  const procedures = proceduresOf(createAppRouter({ startable: [] }));
  const comments = await readComments();
  const descriptions = Object.fromEntries(procedures.map(({ path }) => [path, comments[path] ?? '']));
  return {
    [DESCRIPTIONS_FILE]: `${JSON.stringify(descriptions, null, 2)}\n`,
    [REFERENCE_FILE]: referenceText(procedures, descriptions),
  };
}
