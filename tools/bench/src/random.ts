import { createHash } from 'node:crypto';

/** Numbers from 0 up to 1, always the same ones for the same seed. */
export function createRandom(seed: string): () => number {
  let block = Buffer.alloc(0);
  let at = 0;
  let blocks = 0;
  return () => {
    if (at === block.length) {
      block = createHash('sha512').update(`${seed} ${blocks++}`).digest();
      at = 0;
    }
    const n = block.readUInt32LE(at);
    at += 4;
    return n / 2 ** 32;
  };
}

/** Pure but for `random`: the same items in another order. */
export function shuffle<T>(items: T[], random: () => number): T[] {
  return items
    .map((item) => ({ item, at: random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item);
}
