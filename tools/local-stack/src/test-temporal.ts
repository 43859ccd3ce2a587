import type { LocalTemporal } from './temporal.ts';
import { startTemporal } from './temporal.ts';
import { testTemporalAddress } from './test-servers.ts';

/**
 * The Temporal server of the test run, for a test that starts workflows of its own there and looks at no others: many files
 * use it at the same time. No worker of such a test may poll a task queue that another one names. Stopping it does nothing.
 */
export async function startTestTemporal(): Promise<LocalTemporal> {
  return startTemporal({ address: await testTemporalAddress() });
}
