import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Descriptions } from './document.ts';

const SOURCES = dirname(fileURLToPath(import.meta.resolve('@runledger/router')));
/** A comment, the name of a procedure, and how it begins. */
const PROCEDURE = /\/\*\*((?:(?!\*\/)[\s\S])*?)\*\/\s*(\w+): (?:authed|public|\w*)Procedure\b/g;

/** What the sources of the router say of each procedure: a comment is not there any more when it runs. */
export async function readComments(): Promise<Descriptions> {
  const files = (await readdir(SOURCES, { recursive: true })).filter((file) => /(?<!\.test)\.ts$/.test(file)).sort();
  const found: Record<string, string> = {};
  for (const file of files) {
    const text = await readFile(join(SOURCES, file), 'utf8');
    const [, group = 'execution'] = /(?:^|\/)(workflow|system|key)-router\.ts$/.exec(file) ?? [];
    for (const [, comment = '', name] of text.matchAll(PROCEDURE))
      found[`${group}.${name}`] = comment.replaceAll(/\s*\n\s*\*\s?/g, ' ').trim();
  }
  return found;
}
