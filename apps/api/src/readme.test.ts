import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ApiFixture } from './fixtures/api-fixture.ts';
import { ORDER, startApiFixture } from './fixtures/api-fixture.ts';

const run = promisify(execFile);
const readme = await readFile(new URL('../../../README.md', import.meta.url), 'utf8');
const [, snippet] = /```ts\n([\s\S]*?)```/.exec(readme) ?? [];

let fixture: ApiFixture;
let folder: string;

beforeAll(async () => {
  fixture = await startApiFixture();
  folder = await mkdtemp(join(tmpdir(), 'runledger-readme-'));
  await symlink(fileURLToPath(new URL('../node_modules', import.meta.url)), join(folder, 'node_modules'));
});
afterAll(async () => {
  await fixture?.[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

test('the client code of the README type-checks and starts an execution', async () => {
  const ada = await fixture.signUp('readme');
  await ada.client.workflow.create.mutate(ORDER);
  const code = (snippet as string).replace('http://127.0.0.1:54330', fixture.api.url);
  await writeFile(join(folder, 'package.json'), '{ "type": "module" }');
  await writeFile(join(folder, 'snippet.ts'), `const session = { accessToken: process.env.TOKEN! };\n${code}`);
  await writeFile(
    join(folder, 'tsconfig.json'),
    JSON.stringify({
      extends: fileURLToPath(new URL('../../../tsconfig.base.json', import.meta.url)),
      compilerOptions: { types: ['node'] },
      files: ['snippet.ts'],
    }),
  );
  const tsc = join(fileURLToPath(new URL('../../..', import.meta.url)), 'node_modules', '.bin', 'tsc');
  await run(tsc, ['-p', folder]).catch((error: { stdout: string }) => {
    throw new Error(error.stdout);
  });
  const { stdout } = await run(process.execPath, [join(folder, 'snippet.ts')], {
    env: { ...process.env, TOKEN: ada.token },
  });
  expect(stdout.trim()).toBe('running 1 null');
});
