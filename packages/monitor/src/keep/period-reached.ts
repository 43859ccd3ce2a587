import type { LedgerFigures } from '@runledger/contracts';

/**
 * The longest that an unsettled execution went without a check, as seen within the latest period: what the oldest check's age
 * rises to before that execution has its turn. Milliseconds; `null` where there was nothing to check.
 */
export function createPeriodReached(periodMs: number) {
  let seen: { at: number; ageMs: number }[] = [];
  return {
    see(
      { oldestCheckAgeMs, oldestUncheckedAgeMs }: Pick<LedgerFigures, 'oldestCheckAgeMs' | 'oldestUncheckedAgeMs'>,
      now = performance.now(),
    ) {
      seen = seen.filter(({ at }) => now - at <= periodMs);
      if (oldestCheckAgeMs !== null || oldestUncheckedAgeMs !== null) {
        seen.push({ at: now, ageMs: Math.max(oldestCheckAgeMs ?? 0, oldestUncheckedAgeMs ?? 0) });
      }
      return seen.length === 0 ? null : Math.max(...seen.map(({ ageMs }) => ageMs));
    },
  };
}
