import type { Stack } from './stack.ts';
import { writePrivately } from './write-privately.ts';

/** What people and scripts need to connect. Written once everything answers: who sees it can sign in and start. */
export async function writeLocalFile(path: string, stack: Stack): Promise<void> {
  await writePrivately(path, {
    apiUrl: stack.apiUrl,
    dashboardUrl: stack.apiUrl,
    supabaseUrl: stack.supabaseUrl,
    supabaseAnonKey: stack.secrets.keys.publishableKey,
    supabaseServiceRoleKey: stack.secrets.keys.secretKey,
    temporalAddress: stack.temporal.address,
    temporalNamespace: stack.temporal.namespace,
    temporalCli: stack.temporal.cli ?? null,
    demoUsers: stack.secrets.demoUsers,
    pids: stack.pids,
  });
}
