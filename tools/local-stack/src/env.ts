import { homedir } from 'node:os';
import { join } from 'node:path';

/** The one place of this package that reads the environment. */
export const env = {
  /** A Temporal server that is already running; joined instead of starting one. */
  get temporalAddress(): string | undefined {
    return process.env.TEMPORAL_ADDRESS || undefined;
  },

  get path(): string {
    return process.env.PATH ?? '';
  },

  /** Outlives `--reset` and the checkout: what is in it can be fetched again, but not offline. */
  get cacheDir(): string {
    return join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'runledger');
  },

  /** Set by CI servers: every test on every database it is written for, and as often as it may. */
  get isCi(): boolean {
    return Boolean(process.env.CI);
  },

  /** Where the test run's own server starter listens; set by vitest-global-setup for the workers of that run. */
  get testServersUrl(): string | undefined {
    return process.env.RUNLEDGER_TEST_SERVERS || undefined;
  },
  set testServersUrl(url: string | undefined) {
    if (url) process.env.RUNLEDGER_TEST_SERVERS = url;
    else delete process.env.RUNLEDGER_TEST_SERVERS;
  },

  /**
   * The environment for child processes: no telemetry, and none of the variables with which the caller's own Temporal or
   * Postgres set-up would leak into ours (TEMPORAL_NAMESPACE, TEMPORAL_CONFIG_FILE, PGPORT and so on).
   */
  forChild(extra: Record<string, string> = {}): NodeJS.ProcessEnv {
    const inherited = Object.entries(process.env).filter(([name]) => !/^(TEMPORAL_|PG[A-Z]+$)/.test(name));
    return { ...Object.fromEntries(inherited), DO_NOT_TRACK: '1', ...extra };
  },
};
