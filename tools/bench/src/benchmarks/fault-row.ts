import type { Row } from '../benchmark.ts';

/** Closures that were missed or recorded twice, over all runs. */
export function faultRow(of: string, { missed = 0, twice = 0, naiveMissed }: Record<string, number>): Row {
  return {
    what: `missed, recorded twice: ${of}`,
    measured: `${missed}, ${twice}`,
    comparedWith: naiveMissed === undefined ? '' : `naive missed ${naiveMissed}`,
    toReach: 'none',
    reached: missed === 0 && twice === 0,
  };
}
