import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const LAYER = '@layer runledger {';
const path = (name: string) => fileURLToPath(new URL(`./react/${name}`, import.meta.resolve('@runledger/client')));

test('the stylesheet for pages whose resets stand in no layer is the other one without its layer (`vitest -u` writes it)', async () => {
  const styles = await readFile(path('styles.css'), 'utf8');
  expect(styles.split(LAYER)).toHaveLength(2);
  await expect(styles.replace(LAYER, '@media all {')).toMatchFileSnapshot(path('styles-unlayered.css'));
});
