import { setTimeout as pause } from 'node:timers/promises';
import { addUser, startApi } from '../api/api-process.ts';
import type { Benchmark, Row, Sample } from '../benchmark.ts';
import { cpuTimeMs } from '../cpu-time.ts';
import { formatMs, formatNumber } from '../format-figure.ts';
import { startAttack } from '../neighbours/attack.ts';
import type { AttackName, AttackTarget } from '../neighbours/attacks.ts';
import { ATTACK_NAMES } from '../neighbours/attacks.ts';
import { addExecutions, addLargeExecutions, addWorkflows } from '../neighbours/executions.ts';
import { quantile } from '../quantile.ts';
import { openStage } from '../stage.ts';

/** Of the user who attacks; the other one has 50. */
const EXECUTIONS = 4_000;
const LARGE_EXECUTIONS = 10;
const WORKFLOWS = 200;
/** Between two calls of the other user, in milliseconds. */
const BREATH_MS = 20;
const WARM_SECONDS = 1.5;

/** One user attacks without pause, with the API's own limits; another one reads statistics. */
export const neighbours: Benchmark = {
  name: 'neighbours',
  about:
    'getStats of one user, p99, quiet and while another one attacks: by schemas, reads, starts, large inputs and payloads, streams, exports',

  async prepare({ closeSeconds }, say) {
    const stage = await openStage();
    const { ledger } = stage;
    const other = await addUser(ledger, 'anna');
    await addExecutions(ledger.database, 'anna', 50);
    const attackers = new Map<AttackName, Omit<AttackTarget, 'url'>>();
    // Each attack is another user's: none has used up what the next one may.
    for (const attack of ATTACK_NAMES) {
      const token = await addUser(ledger, attack);
      const workflowId = await addExecutions(ledger.database, attack, EXECUTIONS);
      await addWorkflows(ledger.database, attack, WORKFLOWS);
      const large = { userId: attack, workflowId, count: LARGE_EXECUTIONS };
      attackers.set(attack, { token, workflowId, largeIds: await addLargeExecutions(ledger.database, large) });
    }
    await ledger.database.query('select runledger.fold_execution_stats(1000000)');
    await ledger.database.exec('vacuum analyze');

    async function measure(attack: AttackName, attacker: Omit<AttackTarget, 'url'>): Promise<Sample> {
      await using api = await startApi(ledger, stage.temporal.address, { limited: true });
      // Nobody attacks this one: what the other user waits for here, they wait for at the ledger and at the cores of the machine.
      await using apart = await startApi(ledger, stage.temporal.address, { limited: true });
      async function ask(of: typeof api): Promise<number> {
        const from = performance.now();
        const answer = await fetch(`${of.url}/trpc/execution.getStats`, {
          headers: { authorization: `Bearer ${other}` },
        });
        await answer.text();
        if (!answer.ok) throw new Error(`getStats answered ${answer.status}`);
        const took = performance.now() - from;
        await pause(BREATH_MS);
        return took;
      }
      async function read(seconds: number): Promise<{ here: number[]; elsewhere: number[] }> {
        const [here, elsewhere]: [number[], number[]] = [[], []];
        for (const until = performance.now() + seconds * 1_000; performance.now() < until; ) {
          here.push(await ask(api));
          elsewhere.push(await ask(apart));
        }
        return { here, elsewhere };
      }
      say(`warm, before ${attack}`);
      // What a first call loads and compiles is nobody's attack.
      const first = await startAttack(attack, { url: api.url, ...attacker });
      await read(WARM_SECONDS);
      await first.end();
      await read(WARM_SECONDS);
      say(`quiet, before ${attack}`);
      const quiet = await read(closeSeconds / 2);
      say(`under attack by ${attack}`);
      const attackUnderWay = await startAttack(attack, { url: api.url, ...attacker });
      const used = () => ({ api: cpuTimeMs(api.pid), attacker: cpuTimeMs(attackUnderWay.pid) });
      const [before, from] = [used(), performance.now()];
      const attacked = await read(closeSeconds);
      const [after, ms] = [used(), performance.now() - from];
      return {
        values: {
          [`${attack} quiet`]: quantile(quiet.here, 0.99),
          [`${attack} attacked`]: quantile(attacked.here, 0.99),
          [`${attack} quiet p50`]: quantile(quiet.here, 0.5),
          [`${attack} attacked p50`]: quantile(attacked.here, 0.5),
          [`${attack} elsewhere quiet`]: quantile(quiet.elsewhere, 0.99),
          [`${attack} elsewhere`]: quantile(attacked.elsewhere, 0.99),
          [`${attack} cores of the API`]: (after.api - before.api) / ms,
          [`${attack} cores of the attacker`]: (after.attacker - before.attacker) / ms,
        },
        faults: {},
        items: { [`requests answered, ${attack}`]: await attackUnderWay.end() },
      };
    }

    return {
      async run(): Promise<Sample> {
        const whole: Sample = { values: {}, faults: {}, items: {} };
        for (const [attack, attacker] of attackers) {
          const { values, items } = await measure(attack, attacker);
          Object.assign(whole.values, values);
          Object.assign(whole.items, items);
        }
        return whole;
      },
      [Symbol.asyncDispose]: () => stage[Symbol.asyncDispose](),
    };
  },

  rows({ values }): Row[] {
    return ATTACK_NAMES.flatMap((attack) => {
      const of = (what: string) => values[`${attack} ${what}`] ?? Number.NaN;
      const times = (more: string, less: string) => `${formatMs(of(more))}: ${formatNumber(of(more) / of(less))} ×`;
      return [
        {
          what: `getStats of another user while one attacks by ${attack}, p99`,
          measured: `${times('attacked', 'quiet')} (p50 ${formatMs(of('attacked p50'))})`,
          comparedWith: `quiet ${formatMs(of('quiet'))} (p50 ${formatMs(of('quiet p50'))})`,
          toReach: '≤ 3 ×',
          reached: of('attacked') <= 3 * of('quiet'),
        },
        {
          what: 'the same, asked of an API that nobody attacks',
          measured: times('elsewhere', 'elsewhere quiet'),
          comparedWith: `cores taken: API ${formatNumber(of('cores of the API'))}, attacker ${formatNumber(of('cores of the attacker'))}`,
          toReach: '',
          reached: null,
        },
      ];
    });
  },
};
