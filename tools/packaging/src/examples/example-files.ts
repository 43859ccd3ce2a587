import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const EXAMPLES = fileURLToPath(new URL('../../../../examples/', import.meta.url));

export interface ExampleManifest {
  dependencies: Record<string, string>;
  devDependencies: Record<string, string>;
  scripts: Record<string, string>;
}

export const manifestOf = async (name: string): Promise<ExampleManifest> =>
  JSON.parse(await readFile(join(EXAMPLES, name, 'package.json'), 'utf8'));
