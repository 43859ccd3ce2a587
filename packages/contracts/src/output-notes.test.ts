import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { OUTPUT_NOTES } from './output-notes.ts';

test('docs/payloads.md explains every note of an output, and no other', async () => {
  const text = await readFile(new URL('../../../docs/payloads.md', import.meta.url), 'utf8');
  const notes = [...text.matchAll(/^\| `([a-z_]+)` /gm)].map(([, note]) => note);
  expect(notes).toEqual([...OUTPUT_NOTES]);
});
