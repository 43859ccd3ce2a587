/** The tables in the documents name what the code has, no more and no less; the index names every document. */
import { execFile } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Env as ApiEnv } from '@runledger/api';
import {
  ENGINE_PAYLOAD_BYTES,
  EXECUTION_ERROR_CODES,
  EXECUTION_STATUSES,
  REPORTED_PAYLOAD_BYTES,
  STORABLE_DEPTH,
} from '@runledger/contracts';
import { TEMPORAL_VARIABLES } from '@runledger/host/temporal/unread-variables';
import { Env as WorkerEnv } from '@runledger/worker';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
const read = (file: string) => readFile(join(root, file), 'utf8');
const sorted = (names: Iterable<string>) => [...new Set(names)].sort();

/** What stands in backticks in the first column of the tables under a heading; `null`: before the first. */
async function firstColumn(file: string, heading: string | null): Promise<string[]> {
  const text = await read(file);
  const section = heading === null ? text : (text.split(`\n## ${heading}\n`)[1] ?? '');
  const [body = ''] = section.split('\n## ');
  const cells = body.split('\n').flatMap((line) => /^\|([^|]*)\|/.exec(line)?.[1] ?? []);
  return cells.flatMap((cell) => [...cell.matchAll(/`([^`]+)`/g)].map(([, name]) => name as string));
}

test('every error code is in the table of the client, once', async () => {
  expect((await firstColumn('packages/client/README.md', 'Errors')).sort()).toEqual([...EXECUTION_ERROR_CODES].sort());
});

test('every path that the architecture names is there', async () => {
  const named = [...(await read('docs/architecture.md')).matchAll(/`((?:apps|packages|supabase)\/[^`]+)`/g)];
  const paths = named.map(([, path]) => path as string);
  expect(paths.length).toBeGreaterThan(20);
  expect(paths.filter((path) => !existsSync(join(root, path)))).toEqual([]);
});

test('the picture of the states and the README of the service name every status, and no other', async () => {
  const [, picture = ''] = /```mermaid\nstateDiagram-v2\n([^`]*)```/.exec(await read('README.md')) ?? [];
  expect(sorted([...picture.matchAll(/--> (\w+)/g)].map(([, to]) => to as string))).toEqual(sorted(EXECUTION_STATUSES));
  const [, sentence = ''] =
    /obey the\s+same ones:([^;]*);/.exec(await read('packages/execution-service/README.md')) ?? [];
  const named = [...sentence.matchAll(/`(\w+)`/g)].map(([, name]) => name as string);
  expect(sorted(named)).toEqual(sorted(EXECUTION_STATUSES));
});

test('the sizes of payloads are those that are kept', async () => {
  const engine = `${ENGINE_PAYLOAD_BYTES / 1_000_000} MB`;
  const reported = `${REPORTED_PAYLOAD_BYTES / 2 ** 20} MiB`;
  const payloads = await read('docs/payloads.md');
  expect(payloads).toContain(`more than ${engine} as JSON (${reported} where it was reported)`);
  expect(payloads).toContain(`nested deeper than ${STORABLE_DEPTH} levels`);
  expect(await read('packages/engine/README.md')).toContain(
    `larger than ${engine} or nested deeper than ${STORABLE_DEPTH}`,
  );
  expect(await read('packages/execution-service/README.md')).toContain(`Payloads are kept up to ${reported} each`);
});

test('every variable that the API and the worker read is in a table, and no other', async () => {
  const written = [
    ...(await firstColumn('README.md', 'With your own Supabase and Temporal')),
    ...(await firstColumn('docs/operating.md', "The worker's environment")),
    ...(await firstColumn('docs/limits.md', null)),
    ...(await firstColumn('docs/connecting.md', 'Variables')),
  ];
  const read = [ApiEnv, WorkerEnv].flatMap(({ shape }) => Object.keys(shape));
  expect(sorted(written)).toEqual(sorted([...read, ...TEMPORAL_VARIABLES]));
});

test('every command is in the README, and no other', async () => {
  const { stdout } = await promisify(execFile)(process.execPath, [join(root, 'apps/runledger/src/main.ts'), '--help']);
  const [, listed = ''] = stdout.split('\nCommands:\n');
  const commands = [...(listed.split('\n\n')[0] ?? '').matchAll(/^ {2}([a-z][a-z-]*)/gm)].map(([, name]) => name);
  const written = (await firstColumn('README.md', 'Operating it')).map((cell) => cell.split(' ')[1]);
  expect(written.sort()).toEqual(commands.filter((name) => name !== 'help').sort());
});

test('every metric is in the table of metrics, and no other', async () => {
  const sources = await Promise.all(
    ['telemetry', 'telemetry-gauges'].map((n) => read(`packages/monitor/src/telemetry/${n}.ts`)),
  );
  const created = /(?:gauge|callDuration|create\w+)\(\s*'(runledger\.[\w.]+)'/g;
  const metrics = [...sources.join('\n').matchAll(created)].map(([, name]) => name as string);
  const written = (await firstColumn('docs/operating.md', 'Metrics')).filter((name) => name.startsWith('runledger.'));
  expect(sorted(written)).toEqual(sorted(metrics));
  const ofApi = await read('apps/api/src/telemetry/api-telemetry.ts');
  const createdByApi = [...ofApi.matchAll(/(?:callDuration|create\w+)\(\s*'([a-z]+\.[\w.]+)'/g)].map(
    ([, name]) => name as string,
  );
  const isMetric = (name: string) =>
    /^(http|runledger)\.[\w.]+$/.test(name) && !/^http\.(request|route|response)/.test(name);
  expect(sorted((await firstColumn('docs/operating.md', 'Metrics of the API')).filter(isMetric))).toEqual(
    sorted(createdByApi),
  );
});

test('the index leads to every document and package README, and each of its links exists', async () => {
  const links = [...(await read('docs/index.md')).matchAll(/\]\(([^)#]+)(?:#[^)]*)?\)/g)].map(([, link]) =>
    join('docs', link as string),
  );
  expect(links.filter((link) => !existsSync(join(root, link)))).toEqual([]);
  const packages = ['packages', 'apps', 'tools'].flatMap((folder) =>
    readdirSync(join(root, folder)).map((name) => `${folder}/${name}/README.md`),
  );
  const documents = (await readdir(join(root, 'docs'))).filter((name) => name.endsWith('.md'));
  const expected = [...packages, ...documents.map((name) => `docs/${name}`)];
  const missing = expected.filter((file) => existsSync(join(root, file)) && !links.includes(file));
  expect(missing).toEqual(['docs/index.md']);
});
