import { isExecutionError } from '@runledger/contracts';

export interface GatherOptions<Item> {
  /** Most items of one call. */
  items: number;
  /** Most bytes of one call, unless one item alone has more. */
  bytes: number;
  bytesOf(item: Item): number;
  /** Items of different lanes never go together. Default: one lane. */
  laneOf?(item: Item): string;
}

interface Waiting<Item, Answer> {
  item: Item;
  resolve(answer: Answer): void;
  reject(error: unknown): void;
}

/**
 * Sends an item at once, and those that come while a call of their lane is under way together in the next: calls become fewer
 * exactly where there are many. Where several are refused together, each is sent again alone, so that none suffers for
 * another.
 */
export function gather<Item, Answer>(
  call: (items: Item[]) => Promise<Answer[]>,
  { items: mostItems, bytes: mostBytes, bytesOf, laneOf = () => '' }: GatherOptions<Item>,
): (item: Item) => Promise<Answer> {
  /** A lane is here while a call of it is under way. */
  const lanes = new Map<string, Waiting<Item, Answer>[]>();

  async function deliver(batch: Waiting<Item, Answer>[]): Promise<void> {
    try {
      const answers = await call(batch.map(({ item }) => item));
      batch.forEach(({ resolve }, n) => {
        resolve(answers[n] as Answer);
      });
    } catch (error) {
      const isOfAll = isExecutionError(error) && error.code === 'ledger_unavailable';
      if (batch.length === 1 || isOfAll) for (const { reject } of batch) reject(error);
      else await Promise.all(batch.map((one) => deliver([one])));
    }
  }

  /** How many of those that wait one call may have. */
  function fit(waiting: Waiting<Item, Answer>[]): number {
    let bytes = 0;
    let count = 0;
    for (const { item } of waiting.slice(0, mostItems)) {
      bytes += bytesOf(item);
      if (count > 0 && bytes > mostBytes) break;
      count += 1;
    }
    return count;
  }

  async function empty(lane: string, waiting: Waiting<Item, Answer>[]): Promise<void> {
    while (waiting.length > 0) {
      await deliver(waiting.splice(0, waiting.length === 1 ? 1 : fit(waiting)));
    }
    lanes.delete(lane);
  }

  return (item) =>
    new Promise((resolve, reject) => {
      const lane = laneOf(item);
      const underWay = lanes.get(lane);
      if (underWay) return underWay.push({ item, resolve, reject });
      const waiting = [{ item, resolve, reject }];
      lanes.set(lane, waiting);
      void empty(lane, waiting);
    });
}
