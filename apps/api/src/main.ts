import { once } from 'node:events';
import { createLog, logReady } from '@runledger/host/log';
import { shutdownSignal } from '@runledger/host/shutdown';
import { connect } from './connect.ts';
import { readEnv } from './env.ts';
import { readPublishing } from './publishing.ts';
import { createApi } from './server.ts';
import { warnOfSignIn } from './sign-in.ts';

/** How long a stop waits for requests under way; below the 30 s that orchestrators wait before they kill. */
const LONGEST_DRAIN_MS = 15_000;

/** What the database counts up to. */
const UNLIMITED = 2_147_483_647;

async function main(): Promise<void> {
  const env = readEnv();
  const log = createLog(env.LOG_LEVEL);
  const parts = connect(env, log);
  const api = createApi({
    ...parts,
    startable: env.RUNLEDGER_STARTABLE,
    limits: { workflowsPerUser: env.RUNLEDGER_WORKFLOWS_PER_USER ?? UNLIMITED },
    publishing: readPublishing(env),
    corsOrigins: env.CORS_ORIGINS,
  });
  const listening = await api.listen({ port: env.PORT, host: env.HOST });
  const shutdown = shutdownSignal({ exitCode: 1 });
  logReady(log, { url: listening.url });
  void warnOfSignIn(parts.canSignIn, env, log);

  await once(shutdown, 'abort');
  log.info({ signal: shutdown.reason.cause }, 'stopping');
  await listening.drain(LONGEST_DRAIN_MS);
  await parts.close();
  process.exit(0);
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
});
