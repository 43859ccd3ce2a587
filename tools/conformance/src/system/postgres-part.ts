import { setTimeout as pause } from 'node:timers/promises';
import type { Postgres, StartPostgresOptions } from '@runledger/local-stack';
import { startPostgres } from '@runledger/local-stack';

/** A Postgres that comes back with its data, on the same port. */
export interface PostgresPart {
  url(database: string): string;
  /** As its own immediate stop does, or as a kill -9 of its first process; then recovery from its log. */
  crash(how: 'immediate' | 'kill', downMs: number): Promise<void>;
  stop(): Promise<void>;
}

export async function startPostgresPart(options: StartPostgresOptions & { port: number }): Promise<PostgresPart> {
  let current: Postgres = await startPostgres(options);
  await current.createDatabase('ledger');

  /** After a kill -9 its children need a moment to notice, and hold the data until then. */
  async function startAgain(): Promise<Postgres> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await startPostgres(options);
      } catch (error) {
        if (attempt === 40) throw error;
        await pause(250);
      }
    }
  }
  return {
    url: (database) => current.url(database),
    async crash(how, downMs) {
      if (how === 'kill') process.kill(current.pid, 'SIGKILL');
      await current.stopImmediately();
      await pause(downMs);
      current = await startAgain();
    },
    stop: () => current.stop(),
  };
}
