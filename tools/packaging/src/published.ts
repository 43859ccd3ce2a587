/** The packages of the workspace, and which of them are published: those that say so by `publishConfig`. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

/** What `package.json` says, as far as it is read here. */
export interface Manifest {
  name: string;
  version: string;
  private?: boolean;
  repository?: { type: string; url: string; directory?: string };
  bin?: Record<string, string>;
  exports: Record<string, string | { types: string; node?: string; default?: string }>;
  dependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
  peerDependencies?: Record<string, string>;
  publishConfig?: { exports: Record<string, string | { types: string; default: string }> };
}

export interface WorkspacePackage {
  folder: string;
  manifest: Manifest;
}

export function workspacePackages(): WorkspacePackage[] {
  return ['packages', 'apps', 'tools'].flatMap((parent) =>
    readdirSync(join(ROOT, parent)).map((name) => {
      const folder = join(ROOT, parent, name);
      return { folder, manifest: JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest };
    }),
  );
}

export const publishedPackages = (): WorkspacePackage[] =>
  workspacePackages().filter(({ manifest }) => manifest.publishConfig !== undefined);

/** The sources of a package that are built, by the name that each has in `dist`. */
export function entriesOf({ exports, bin }: Manifest): Record<string, string> {
  const entries: Record<string, string> = bin ? { main: Object.values(bin)[0] as string } : {};
  for (const [path, target] of Object.entries(exports)) {
    const source = typeof target === 'string' ? target : (target.node ?? target.default ?? target.types);
    if (/\.tsx?$/.test(source)) entries[path === '.' ? 'index' : path.slice(2)] = source;
  }
  return entries;
}
