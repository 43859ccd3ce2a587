/** What is checked of the CI's workflows without the program that reads them; `deploy/check.sh` has that: actionlint. */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { parse } from 'yaml';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const read = (file: string) => readFileSync(join(ROOT, file), 'utf8');

interface Step {
  uses?: string;
  run?: string;
  with?: Record<string, unknown>;
  env?: Record<string, string>;
}
interface Job {
  uses?: string;
  needs?: string;
  if?: string;
  environment?: string;
  permissions?: Record<string, string>;
  steps?: Step[];
}
interface Workflow {
  on: Record<string, unknown>;
  permissions: Record<string, string>;
  jobs: Record<string, Job>;
}

const workflows = Object.fromEntries(
  globSync('.github/workflows/*.yml', { cwd: ROOT }).map((file) => [file, parse(read(file)) as Workflow]),
);
const jobs = Object.entries(workflows).flatMap(([file, workflow]) =>
  Object.entries(workflow.jobs).map(([name, job]) => ({ name: `${file} ${name}`, job })),
);
const release = workflows['.github/workflows/release.yml']?.jobs.release;

test('a workflow may read the repository; the job that publishes may push tags and sign, and no other job more', () => {
  expect(Object.keys(workflows)).toHaveLength(2);
  for (const { permissions } of Object.values(workflows)) expect(permissions).toEqual({ contents: 'read' });
  const allowed = jobs.filter(({ job }) => job.permissions);
  expect(allowed.map(({ name }) => name)).toEqual(['.github/workflows/release.yml release']);
  expect(release?.permissions).toEqual({ contents: 'write', 'id-token': 'write' });
});

test('no step leaves its token on disk for the next one', () => {
  const checkouts = jobs.flatMap(({ job }) =>
    (job.steps ?? []).filter(({ uses }) => uses?.startsWith('actions/checkout')),
  );
  expect(checkouts.length).toBeGreaterThanOrEqual(3);
  for (const checkout of checkouts) expect(checkout.with).toMatchObject({ 'persist-credentials': false });
});

test('only what is on main is published, once CI is green and a reviewer of its environment has said yes', () => {
  expect(release).toMatchObject({ needs: 'ci', if: "github.ref == 'refs/heads/main'", environment: 'npm' });
  expect(workflows['.github/workflows/release.yml']?.jobs.ci?.uses).toBe('./.github/workflows/ci.yml');
  expect(workflows['.github/workflows/ci.yml']?.on).toHaveProperty('workflow_call');
});

test('each secret goes to one step', () => {
  const secrets = jobs.flatMap(({ job }) =>
    (job.steps ?? []).flatMap(({ env = {} }) =>
      Object.values(env).flatMap((value) => /secrets\.(\w+)/.exec(value)?.[1] ?? []),
    ),
  );
  expect(secrets.toSorted()).toEqual(['GITHUB_TOKEN', 'NPM_TOKEN']);
});

test('what a step runs is there', () => {
  const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
  const commands = jobs.flatMap(({ job }) => (job.steps ?? []).flatMap(({ run }) => run?.trim().split('\n') ?? []));
  const named = commands.flatMap((command) => /^\s*npm run ([\w:-]+)/.exec(command)?.[1] ?? []);
  expect(named.toSorted()).toEqual(['examples', 'release', 'ten-minutes']);
  for (const script of named) expect(Object.keys(scripts)).toContain(script);
});
