/**
 * `npm run release:prepare`: raises the versions by what the changesets say, writes the changelogs, closes what is unreleased,
 * and adds the migrations to those that are never edited again. What it wrote is a commit for people to read.
 */
import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { formatMigrationHashes, readMigrations } from '@runledger/local-stack';
import type { Manifest } from '../published.ts';
import { publishedPackages } from '../published.ts';
import { addReleased, closeChangelog, setChartVersion, setVersion } from './release-texts.ts';

const ROOT = fileURLToPath(new URL('../../../../', import.meta.url));

async function edit(file: string, change: (text: string) => string): Promise<void> {
  const path = join(ROOT, file);
  await writeFile(path, change(await readFile(path, 'utf8')));
}

const waiting = readdirSync(join(ROOT, '.changeset')).filter((file) => file.endsWith('.md') && file !== 'README.md');
if (waiting.length === 0) {
  console.error('There is no changeset, so nothing to release: npm run changeset writes one.');
  process.exit(1);
}
const root = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8')) as Pick<Manifest, 'repository'>;
const url = root.repository?.url;
for (const { folder, manifest } of publishedPackages()) {
  const named = { ...manifest, repository: { ...manifest.repository, url } };
  await writeFile(join(folder, 'package.json'), `${JSON.stringify(named, null, 2)}\n`);
}
execFileSync(join(ROOT, 'node_modules', '.bin', 'changeset'), ['version'], { cwd: ROOT, stdio: 'inherit' });

const versions = new Set(publishedPackages().map(({ manifest }) => manifest.version));
const [version] = versions;
if (version === undefined || versions.size > 1)
  throw new Error(`All packages have one version, and changesets gave them ${[...versions].join(', ')}.`);
const today = new Date().toISOString().slice(0, 10);
const current = formatMigrationHashes(await readMigrations({ compatibility: true }));
await edit('CHANGELOG.md', (text) => closeChangelog(text, version, today));
await edit('packages/contracts/src/facts/version.ts', (text) => setVersion(text, version));
await edit('deploy/chart/Chart.yaml', (text) => setChartVersion(text, version));
await edit('supabase/released-migrations.sha256', (text) => addReleased(text, current));
execFileSync(join(ROOT, 'node_modules', '.bin', 'biome'), ['check', '--write', '.'], { cwd: ROOT, stdio: 'inherit' });
console.log(`${version} is prepared: read the difference, commit it, and when it is on main, npm run release.`);
