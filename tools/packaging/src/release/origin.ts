import { publishedPackages } from '../published.ts';

/** `host/owner/name` of however a repository is written: for people, for git, by ssh. */
export const repositoryOf = (url: string): string =>
  url
    .trim()
    .replace(/^git\+/, '')
    .replace(/^[a-z]+:\/\//, '')
    .replace(/^[^@/]+@/, '')
    .replace(/^([^/:]+):(?!\d+\/)/, '$1/')
    .replace(/\/$/, '')
    .replace(/\.git$/, '')
    .toLowerCase();

/** What keeps this checkout from being released: manifests that name another repository than the one it came from. */
export function originProblem(origin: string): string | null {
  const named = new Set(publishedPackages().map(({ manifest }) => manifest.repository?.url ?? 'none'));
  const wrong = [...named].find((url) => repositoryOf(url) !== repositoryOf(origin));
  if (wrong === undefined) return null;
  return `The packages say that they are of ${wrong}, and this is of ${origin || 'no remote'}: set "repository" in package.json, and run npm run release:prepare.`;
}
