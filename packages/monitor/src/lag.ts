/** How long after the engine's close time ends were recorded: the worst of the last hour, in minutes' steps. */
export interface LagGauge {
  note(closedAt: string): void;
  /** Milliseconds; `null` when nothing ended. */
  worst(): number | null;
}

const MINUTE_MS = 60_000;
const MINUTES = 60;

/** Compares this machine's clock with the engine's. Counts what this process recorded since it started. */
export function createLagGauge(now: () => number = Date.now): LagGauge {
  const worstByMinute = new Map<number, number>();

  function dropOld(minute: number): void {
    for (const known of worstByMinute.keys()) if (known <= minute - MINUTES) worstByMinute.delete(known);
  }

  return {
    note(closedAt) {
      const minute = Math.floor(now() / MINUTE_MS);
      const lag = Math.max(0, Math.round(now() - Date.parse(closedAt)));
      worstByMinute.set(minute, Math.max(lag, worstByMinute.get(minute) ?? 0));
      dropOld(minute);
    },
    worst() {
      dropOld(Math.floor(now() / MINUTE_MS));
      return worstByMinute.size === 0 ? null : Math.max(...worstByMinute.values());
    },
  };
}
