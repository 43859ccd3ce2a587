import type { ExecutionPart } from '@runledger/contracts';
import { EXECUTION_PARTS } from '@runledger/contracts';

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;

type Counts = Record<ExecutionPart, number>;

const none = () => Object.fromEntries(EXECUTION_PARTS.map((part) => [part, 0])) as Counts;

/** Counts by minute which parts checks brought to rows whose status was right, and forgets them after an hour. */
export function createBroughtParts() {
  const minutes = new Map<number, Counts>();
  return {
    add(parts: ExecutionPart[], now = performance.now()): void {
      if (parts.length === 0) return;
      const minute = Math.floor(now / MINUTE_MS);
      const counts = minutes.get(minute) ?? none();
      for (const part of parts) counts[part] += 1;
      minutes.set(minute, counts);
    },
    lastHour(now = performance.now()): Counts {
      const sum = none();
      for (const [minute, counts] of minutes) {
        if (now - minute * MINUTE_MS > HOUR_MS) minutes.delete(minute);
        else for (const part of EXECUTION_PARTS) sum[part] += counts[part];
      }
      return sum;
    },
  };
}
