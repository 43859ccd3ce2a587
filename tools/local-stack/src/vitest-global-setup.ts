import { env } from './env.ts';
import { removeAbandonedFolders } from './temporary-folder.ts';
import { startTestServers } from './test-servers.ts';

/**
 * For `globalSetup` of a vitest configuration. Costs nothing unless a test asks for a Postgres. Without it,
 * createTestDatabase starts a server per test file.
 */
export default async function setup(): Promise<(() => Promise<void>) | undefined> {
  // Several projects of one run may name this file; the first one's servers serve all.
  if (env.testServersUrl) return undefined;
  await removeAbandonedFolders();
  const servers = await startTestServers();
  env.testServersUrl = servers.url;
  return async () => {
    env.testServersUrl = undefined;
    await servers.stop();
  };
}
