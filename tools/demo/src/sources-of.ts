import { readFileSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folders with the source of an app and of those packages of this repository that it runs on, each once. */
export function sourcesOf(app: URL): string[] {
  const found = new Set<string>();
  function add(folder: string): void {
    if (found.has(folder)) return;
    found.add(folder);
    const { dependencies = {} } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    for (const [name, version] of Object.entries(dependencies)) {
      if (String(version).startsWith('workspace:')) add(realpathSync(join(folder, 'node_modules', name)));
    }
  }
  add(realpathSync(fileURLToPath(app)));
  return [...found].map((folder) => join(folder, 'src'));
}
