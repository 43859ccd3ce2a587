import { setTimeout as pause } from 'node:timers/promises';
import { addUser, startApi } from '../api/api-process.ts';
import type { Benchmark, Row, Sample } from '../benchmark.ts';
import { formatMs, formatNumber } from '../format-figure.ts';
import { percentile } from '../quantile.ts';
import { openStage } from '../stage.ts';

/** Calls in one request of the user who attacks: as many as the API takes. */
const CALLS = 20;
/** Such requests under way at once. */
const AT_ONCE = 5;
/** Between two calls of the other user, in milliseconds. */
const BREATH_MS = 20;

/** One of the most expensive schemas that are taken; another one for each number, so that no answer is known. */
const expensive = (number: number) => ({
  title: String(number),
  unevaluatedProperties: false,
  allOf: Array.from({ length: 240 }, (_, i) => ({ properties: { [`p${i}`]: true } })),
});

/** One user submits the most expensive schemas without pause, with the API's own limits; another one reads statistics. */
export const neighbours: Benchmark = {
  name: 'neighbours',
  about:
    'getStats of one user, p99, while another one submits the most expensive schemas in full batches without pause',

  async prepare({ closeSeconds }, say) {
    const stage = await openStage();
    const [attacker, other] = await Promise.all([addUser(stage.ledger, 'mallory'), addUser(stage.ledger, 'anna')]);
    const headers = (token: string) => ({ authorization: `Bearer ${token}`, 'content-type': 'application/json' });
    let number = 0;
    return {
      async run(): Promise<Sample> {
        await using api = await startApi(stage.ledger, stage.temporal.address, { limited: true });
        async function read(ms: number): Promise<number[]> {
          const took: number[] = [];
          for (const until = performance.now() + ms; performance.now() < until; await pause(BREATH_MS)) {
            const from = performance.now();
            const answer = await fetch(`${api.url}/trpc/execution.getStats`, { headers: headers(other) });
            await answer.text();
            if (!answer.ok) throw new Error(`getStats answered ${answer.status}`);
            took.push(performance.now() - from);
          }
          return took;
        }
        async function attack(until: AbortSignal): Promise<void> {
          while (!until.aborted) {
            const define = () => {
              number += 1;
              return { name: 'x', workflowType: 'order', taskQueue: 'nobody', inputSchema: expensive(number) };
            };
            const body = JSON.stringify(Object.fromEntries(Array.from({ length: CALLS }, (_, n) => [n, define()])));
            const url = `${api.url}/trpc/${Array(CALLS).fill('workflow.create').join()}?batch=1`;
            const answer = await fetch(url, { method: 'POST', headers: headers(attacker), body });
            await answer.text();
          }
        }
        await read(1_000);
        say('quiet');
        const quiet = await read((closeSeconds * 1_000) / 2);
        say('under attack');
        const over = new AbortController();
        const attacks = Array.from({ length: AT_ONCE }, () => attack(over.signal));
        const attacked = await read((closeSeconds * 1_000) / 2);
        over.abort();
        await Promise.all(attacks);
        return {
          values: { quiet: percentile(quiet, 0.99), attacked: percentile(attacked, 0.99), calls: attacked.length },
          faults: {},
          items: {},
        };
      },
      [Symbol.asyncDispose]: () => stage[Symbol.asyncDispose](),
    };
  },

  rows({ values: { quiet = Number.NaN, attacked = Number.NaN } }): Row[] {
    return [
      {
        what: 'getStats of another user while one attacks, p99',
        measured: `${formatMs(attacked)}: ${formatNumber(attacked / quiet)} ×`,
        comparedWith: `quiet ${formatMs(quiet)}`,
        toReach: '≤ 3 ×',
        reached: attacked <= 3 * quiet,
      },
    ];
  },
};
