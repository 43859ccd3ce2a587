/** Whether this worker holds the monitor at the moment, or stands by to take it over. */
export interface MonitorRole {
  current(): 'active' | 'standby';
  /** Runs an attempt at being the monitor. A stale attempt may overlap the next one for a moment. */
  during<T>(attempt: () => Promise<T>): Promise<T>;
}

export function createMonitorRole(): MonitorRole {
  let attempts = 0;
  return {
    current: () => (attempts > 0 ? 'active' : 'standby'),
    async during(attempt) {
      attempts += 1;
      try {
        return await attempt();
      } finally {
        attempts -= 1;
      }
    },
  };
}
