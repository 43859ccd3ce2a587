import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';

const LAYER = '@layer runledger {';

test('the stylesheet for pages whose resets stand in no layer is the other one without its layer (`vitest -u` writes it)', async () => {
  const styles = await readFile(new URL('./styles.css', import.meta.url), 'utf8');
  expect(styles.split(LAYER)).toHaveLength(2);
  await expect(styles.replace(LAYER, '@media all {')).toMatchFileSnapshot('./styles-unlayered.css');
});
