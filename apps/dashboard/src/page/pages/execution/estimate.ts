const MOST_ESTIMATED = 95;

interface Progress {
  estimated: boolean;
  percent: number | null;
}

interface Run {
  usual: { p50: number } | null;
  engineStartedAt: string | null;
  startedAt: string;
}

/**
 * Pure: how far it is, in percent. An estimate goes on by the clock: it never says that something is nearly done, and `null` once it
 * has proved wrong. @param now Milliseconds since 1970
 */
export function percentNow({ estimated, percent }: Progress, run: Run, now: number): number | null {
  if (!estimated || !run.usual) return percent;
  const estimate = ((now - Date.parse(run.engineStartedAt ?? run.startedAt)) / Math.max(1, run.usual.p50)) * 100;
  // By a clock that is wrong it has yet to begin.
  return estimate > MOST_ESTIMATED ? null : Math.max(0, estimate);
}
