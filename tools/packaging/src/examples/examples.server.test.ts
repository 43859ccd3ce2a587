/** The examples without a page, as strangers have them: outside of this repository, on the packed packages. */
import { readdirSync } from 'node:fs';
import { inCi } from '@runledger/local-stack';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { installPacked, LONGEST_INSTALL_MS } from '../install-packed.ts';
import { typeErrors } from '../type-errors.ts';
import { EXAMPLES } from './example-files.ts';
import { copyExample } from './install-example.ts';
import { PAGES } from './pages.ts';
import type { Example } from './servers.ts';
import { SERVERS } from './servers.ts';
import type { ExampleStack } from './stack.ts';
import { startExampleStack } from './stack.ts';

let stack: ExampleStack;

beforeAll(async () => {
  stack = await startExampleStack();
  await using _installed = await installPacked();
}, LONGEST_INSTALL_MS);
afterAll(() => stack?.[Symbol.asyncDispose]());

/** npm run examples does all of them anywhere. */
const TESTED = inCi(Object.keys(SERVERS), ['service-only', 'existing-backend', 'express']);

test('every example has a run', () => {
  const folders = readdirSync(EXAMPLES, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  expect(Object.keys({ ...SERVERS, ...PAGES }).sort()).toEqual(folders.map(({ name }) => name).sort());
});

test('the types of all of them are right', async () => {
  await using together = await installPacked();
  for (const name of TESTED) await copyExample(name, together, name);
  expect(await typeErrors(together.folder, 'nodenext', ['*/src'])).toEqual([]);
});

test.each(TESTED)('%s does what its README says', async (name) => {
  // What it names itself is in examples.test.ts; npm run examples installs that, and nothing else.
  await using project = await copyExample(name, await installPacked());
  await (SERVERS[name] as Example)(project.folder, stack);
});
