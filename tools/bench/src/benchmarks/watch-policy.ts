import type { Benchmark, Row, Sample } from '../benchmark.ts';
import { DURATIONS } from '../durations.ts';
import { formatNumber, formatShare } from '../format-figure.ts';
import type { WatchPolicy } from '../watch-policy.ts';
import { simulatePolicy } from '../watch-policy.ts';

/** The default of `createMonitor`. */
const DEFAULT: WatchPolicy = 'likeliest';
const POLICIES: readonly WatchPolicy[] = ['likeliest', 'youngest'];
const NAMES = Object.keys(DURATIONS) as (keyof typeof DURATIONS)[];
/** A cap of a fifth of what is open. */
const SIZE = { open: 1_000, cap: 200, countedMs: 600_000 };

/** Whom to watch where not all can be: a simulation with the monitor's own choice, so nothing here depends on a clock. */
export const watchPolicy: Benchmark = {
  name: 'watch-policy',
  about:
    'Which executions to watch beyond the cap, youngest or likeliest to end, by how their durations are distributed',

  async prepare(_, say) {
    return {
      runs: 1,
      async run() {
        const sample: Sample = { values: {}, faults: {}, items: {} };
        for (const name of NAMES) {
          for (const policy of POLICIES) {
            say(`${name}, ${policy}`);
            const outcome = simulatePolicy({ ...SIZE, policy, draw: DURATIONS[name], seed: name });
            sample.values[`${name} ${policy} share`] = outcome.watchedShare;
            sample.values[`${name} ${policy} polls`] = outcome.pollsPerClosure;
          }
        }
        return sample;
      },
      [Symbol.asyncDispose]: async () => undefined,
    };
  },

  rows({ values }): Row[] {
    const share = (name: string, policy: WatchPolicy) => values[`${name} ${policy} share`] ?? 0;
    const polls = (name: string, policy: WatchPolicy) => values[`${name} ${policy} polls`] ?? 0;
    const shown = (name: string, policy: WatchPolicy) =>
      `${policy} ${formatShare(share(name, policy))}, ${formatNumber(polls(name, policy))} polls each`;
    const sum = (policy: WatchPolicy) => NAMES.reduce((total, name) => total + share(name, policy), 0);
    const other = POLICIES.find((policy) => policy !== DEFAULT) as WatchPolicy;
    return [
      ...NAMES.map((name) => ({
        what: `closures that were watched, ${name} durations`,
        measured: shown(name, DEFAULT),
        comparedWith: shown(name, other),
        toReach: '',
        reached: null,
      })),
      {
        what: 'closures that were watched, on average',
        measured: `${DEFAULT} (default) ${formatShare(sum(DEFAULT) / NAMES.length)}`,
        comparedWith: `${other} ${formatShare(sum(other) / NAMES.length)}`,
        toReach: 'the better one is the default',
        reached: sum(DEFAULT) >= sum(other),
      },
    ];
  },
};
