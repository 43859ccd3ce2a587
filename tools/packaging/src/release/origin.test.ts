import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { publishedPackages } from '../published.ts';
import { originProblem, repositoryOf } from './origin.ts';

test.each([
  'git+https://example.com/shop/ledger.git',
  'https://example.com/Shop/ledger',
  'https://token@example.com/shop/ledger.git',
  'git@example.com:shop/ledger.git',
  'ssh://git@example.com/shop/ledger.git/',
])('%s is one and the same repository', (url) => {
  expect(repositoryOf(url)).toBe('example.com/shop/ledger');
});

test('every package is of the repository that the root names, and no other may be released', async () => {
  const root = JSON.parse(await readFile(new URL('../../../../package.json', import.meta.url), 'utf8'));
  for (const { manifest } of publishedPackages())
    expect(manifest.repository?.url, manifest.name).toBe(root.repository.url);
  expect(originProblem(root.repository.url)).toBeNull();
  expect(originProblem('')).toContain('of no remote');
  expect(originProblem('git@example.com:somebody/fork.git')).toContain('somebody/fork.git: set "repository"');
});
