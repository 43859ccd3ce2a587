import { execFile } from 'node:child_process';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { InstalledProject, ReaderStack, Snippet } from '@runledger/packaging';
import {
  blocksOf,
  installPacked,
  LONGEST_INSTALL_MS,
  typeErrors as projectTypeErrors,
  READMES,
  startReaderStack,
  writeBlock,
} from '@runledger/packaging';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const run = promisify(execFile);
const root = fileURLToPath(new URL('..', import.meta.url));

const session = 'const session = { accessToken: process.env.TOKEN! };';
/** Every ts and tsx block of these files, in order: a block that is not listed here fails the test. */
const DOCUMENTS: Readonly<Record<string, readonly Snippet[]>> = {
  'README.md': [{ given: session, prints: 'running 1 null' }],
  'docs/adopters.md': [],
  'docs/architecture.md': [],
  'docs/erasing.md': [],
  'docs/existing-backend.md': [],
  'docs/next.md': [],
  'docs/benchmarks.md': [],
  'docs/control.md': [{ given: session, prints: 'rerun requested, signal requested true\nrequested, requested' }],
  'docs/counting.md': [{ given: session, prints: 'true exact\ntrue' }],
  'docs/cut-over.md': [],
  'docs/encryption.md': [{}],
  'docs/connecting.md': [],
  'docs/backup.md': [],
  'docs/capacity.md': [],
  'docs/deploying.md': [],
  'docs/python-and-go.md': [],
  'docs/runbook.md': [],
  'docs/upgrading.md': [],
  'docs/embedding.md': [{ given: 'declare const session: { accessToken: string };' }],
  'docs/importing.md': [],
  'docs/operating.md': [],
  'docs/operators.md': [
    { given: 'declare const client: import("@runledger/client").RunledgerClient;' },
    {
      given: `declare const client: import("@runledger/client").RunledgerClient;
declare const session: { user: { id: string } };
const { items: [workflow] } = await client.workflow.list.query();`,
    },
  ],
  'docs/payloads.md': [],
  'docs/workflows.md': [],
  ...READMES,
  'tools/local-stack/README.md': [{ prints: '' }],
};

let stack: ReaderStack;
/** Somebody's project, with the packages installed as they are published: what their READMEs say is run there. */
let project: InstalledProject;
/** Where each snippet is written, by document and number. */
const files = new Map<string, string>();
/** What the compiler says of all of them. */
let wrong: string[];

beforeAll(async () => {
  [stack, project] = await Promise.all([startReaderStack(), installPacked()]);
  for (const [document, snippets] of Object.entries(DOCUMENTS))
    for (const [i, { given = '' }] of snippets.entries())
      files.set(`${document} ${i + 1}`, await writeSnippet(document, i + 1, given));
  wrong = [
    ...(await typeErrors([...files.values()].filter((file) => !file.startsWith(project.folder)))),
    ...(await projectTypeErrors(project.folder, 'nodenext')),
    ...(await projectTypeErrors(project.folder, 'bundler')),
  ];
}, LONGEST_INSTALL_MS);

afterAll(async () => {
  await stack?.[Symbol.asyncDispose]();
  await project?.[Symbol.asyncDispose]();
  const folders = [...Object.keys(DOCUMENTS).filter(isOfCheckout).map(folderOf), join(root, 'docs', '.snippets')];
  for (const folder of folders) await rm(folder, { recursive: true, force: true });
});

/** Published with its package: run in a project of somebody else's. */
const isOfCheckout = (document: string) => !document.startsWith('packages/') && document !== 'apps/runledger/README.md';

/** Where a snippet can import what readers of the document can. */
function folderOf(document: string): string {
  if (!isOfCheckout(document)) return join(project.folder, 'src');
  return join(root, document === 'README.md' ? 'tools/demo' : dirname(document), '.snippets');
}

/** A snippet with what is given, in the file that is checked and run. */
async function writeSnippet(document: string, n: number, given: string): Promise<string> {
  const snippet = (await blocksOf(document))[n - 1];
  if (!snippet) throw new Error(`${document} has no snippet ${n}`);
  const name = isOfCheckout(document) ? basename(document, '.md') : document.split('/')[1];
  return writeBlock(snippet, { given, addresses: stack.addresses, file: join(folderOf(document), `${name}-${n}`) });
}

/** Checks the types of all files as one program, which takes hardly longer than one of them; answers what is wrong, a line each. */
async function typeErrors(files: string[]): Promise<string[]> {
  const folder = join(root, 'docs', '.snippets');
  await mkdir(folder, { recursive: true });
  const compilerOptions = { types: ['node'], jsx: 'react-jsx', lib: ['es2024', 'dom'], noEmit: true };
  await writeFile(
    join(folder, 'tsconfig.json'),
    JSON.stringify({ extends: join(root, 'tsconfig.base.json'), compilerOptions, files }),
  );
  const tsc = join(root, 'node_modules', '.bin', 'tsc');
  return run(tsc, ['-p', folder, '--pretty', 'false'], { cwd: root }).then(
    () => [],
    (error: { stdout: string }) => error.stdout.trim().split('\n'),
  );
}

test('the types of all snippets are right', () => {
  expect(wrong).toEqual([]);
});

describe.each(Object.entries(DOCUMENTS))('%s', (document, expected) => {
  test('holds exactly the snippets that are tested', async () => {
    expect(await blocksOf(document)).toHaveLength(expected.length);
  });

  test.each(expected.map((snippet, i) => [i + 1, snippet] as const))(
    'snippet %i is right',
    async (n, { prints, stopAfter }) => {
      const file = files.get(`${document} ${n}`) as string;
      expect(wrong.filter((line) => line.includes(`${basename(file)}(`))).toEqual([]);
      if (prints === undefined && stopAfter === undefined) return;
      const running = run(process.execPath, [file], { env: { ...process.env, ...stack.variables } });
      running.child.stdout?.on('data', (text: Buffer) => {
        if (stopAfter && text.includes(stopAfter)) running.child.kill('SIGTERM');
      });
      const { stdout } = await running;
      if (prints !== undefined) expect(stdout.trim()).toBe(prints);
    },
  );
});
