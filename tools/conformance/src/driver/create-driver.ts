import type { System } from '../system/system.ts';
import type { User } from '../system/users.ts';
import { createApiCalls } from './api-calls.ts';
import type { Driver } from './driver.ts';
import { createLedgerCalls } from './ledger-calls.ts';
import { createTemporalCalls } from './temporal-calls.ts';

export function createDriver(system: System, { user, pauseMs }: { user: User; pauseMs: number }): Driver {
  const temporal = createTemporalCalls(system.temporal);
  return {
    ...{ user, pauseMs, service: system.service },
    ...createApiCalls(system, user, temporal.firstRunOf),
    ...createLedgerCalls(system, user),
    ...temporal,
  };
}
