import type { Proof } from '@runledger/contracts';
import { usualMissRate } from '@runledger/contracts/lag-samples';

type Facts = Pick<Proof, 'diverged' | 'corrected' | 'feedMissRate' | 'recorded' | 'periodMs' | 'periodReachedMs'>;

const plural = (count: number, one: string) => `${count.toLocaleString('en-US')} ${one}${count === 1 ? '' : 's'}`;
const was = (count: number) => (count === 1 ? 'was' : 'were');

/** Pure: what was found to differ and put right in the last hour. What there was none of is left out. */
export function lastHour(proof: Facts): string {
  const { diverged, corrected, feedMissRate } = proof;
  const contradicted = Object.values(corrected).reduce((sum, count) => sum + count, 0);
  const usual = usualMissRate(proof);
  const parts = [
    ...(diverged > 0 ? [`${plural(diverged, 'row')} differed and ${was(diverged)} repaired`] : []),
    ...(contradicted > 0 ? [`${plural(contradicted, 'report')} ${was(contradicted)} contradicted by Temporal`] : []),
    ...(feedMissRate
      ? [
          `the regular check alone found ${(feedMissRate * 100).toFixed(1)} % of the ends, ${feedMissRate <= usual ? 'no more than usual' : `above the usual ${(usual * 100).toFixed(0)} %`}`,
        ]
      : []),
  ];
  return `In the last hour ${parts.length === 0 ? 'nothing differed' : parts.join('; ')}.`;
}
