import { expect, test } from 'vitest';
import { clientSizes } from './client-size.ts';
import { LONGEST_INSTALL_MS } from './install-packed.ts';

/** In KB, a tenth above what it was when somebody last looked: whoever needs more says so here. */
const BOUNDS: Readonly<Record<string, number>> = {
  '@runledger/client, by itself': 5.5,
  '@runledger/client, with tRPC': 15,
  '@runledger/client/react, by itself': 25,
};

test('what the client adds to a page stays small', { timeout: LONGEST_INSTALL_MS }, async () => {
  const sizes = await clientSizes();
  expect(sizes.map(({ what }) => what)).toEqual(Object.keys(BOUNDS));
  for (const { what, kilobytes } of sizes) {
    expect(kilobytes, what).toBeLessThan(BOUNDS[what] as number);
    expect(kilobytes, what).toBeGreaterThan(1);
  }
});
