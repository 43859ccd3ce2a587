import { assertPortFree } from '@runledger/local-stack/ports';
import type { DemoEnv } from './env.ts';

/** @throws Error naming the port that is taken, who wanted it and the variable that moves it elsewhere */
export async function assertPortsFree(env: DemoEnv): Promise<void> {
  await assertPortFree(env.RUNLEDGER_API_PORT, 'The API', 'RUNLEDGER_API_PORT');
  await assertPortFree(env.RUNLEDGER_SUPABASE_PORT, 'The Supabase API', 'RUNLEDGER_SUPABASE_PORT');
  if (env.TEMPORAL_ADDRESS) return;
  const port = env.RUNLEDGER_TEMPORAL_PORT;
  await assertPortFree(port, 'Temporal', 'RUNLEDGER_TEMPORAL_PORT').catch((error: Error) => {
    throw new Error(`${error.message}\nIf it is a Temporal server, join it: TEMPORAL_ADDRESS=127.0.0.1:${port}`, {
      cause: error,
    });
  });
  await assertPortFree(env.RUNLEDGER_TEMPORAL_UI_PORT, 'Temporal’s web page', 'RUNLEDGER_TEMPORAL_UI_PORT');
}
