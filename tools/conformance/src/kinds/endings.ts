import type { TerminalStatus } from '@runledger/contracts';
import type { Driver } from '../driver/driver.ts';
import type { Step } from '../steps.ts';
import type { DefinitionName } from '../system/definitions.ts';
import type { Chain } from './expectation.ts';
import { expects } from './expectation.ts';
import type { Kind } from './kind.ts';

interface Ending {
  status: TerminalStatus;
  steps: (pauseMs: number) => Step[];
  definition?: DefinitionName;
  runs?: number;
  /** What happens to it from outside. */
  meanwhile?: (driver: Driver, chain: Chain) => Promise<void>;
}

const sleep = (ms: number): Step => ({ do: 'sleep', ms });
const hang: Step = { do: 'hang' };

/** Started through the API, one run each unless `runs` says otherwise. */
const ENDINGS: Record<string, Ending> = {
  completed: { status: 'completed', steps: () => [] },
  'completed after a while': { status: 'completed', steps: (ms) => [sleep(ms)] },
  'completed with an activity that failed at first': {
    status: 'completed',
    steps: (ms) => [sleep(ms), { do: 'activity', failures: 1 }],
  },
  'completed with a history of several messages': {
    status: 'completed',
    steps: () => [{ do: 'carry', characters: 900_000, activities: 6 }],
  },
  'completed with numbers that no double holds': {
    status: 'completed',
    steps: () => [{ do: 'return', json: '{"id":9007199254740993,"total":123456789012345678901234567890.12}' }],
  },
  'completed with a child': { status: 'completed', steps: (ms) => [sleep(ms), { do: 'child', fails: false }] },
  'failed by the application': { status: 'failed', steps: (ms) => [sleep(ms), { do: 'fail' }] },
  'failed by an activity after its retries': { status: 'failed', steps: () => [{ do: 'activity', failures: 3 }] },
  'failed by a child': { status: 'failed', steps: (ms) => [sleep(ms), { do: 'child', fails: true }] },
  'cancelled at once by the API': {
    status: 'cancelled',
    steps: () => [hang],
    meanwhile: (driver, chain) => driver.cancelByApi(chain),
  },
  'cancelled by the API': {
    status: 'cancelled',
    steps: () => [hang],
    meanwhile: (driver, chain) => after(driver, () => driver.cancelByApi(chain)),
  },
  'cancelled in Temporal': {
    status: 'cancelled',
    steps: () => [hang],
    meanwhile: (driver, chain) => after(driver, () => driver.cancel(chain)),
  },
  'terminated by the API': {
    status: 'terminated',
    steps: () => [hang],
    meanwhile: (driver, chain) => after(driver, () => driver.terminateByApi(chain)),
  },
  'terminated in Temporal': {
    status: 'terminated',
    steps: () => [hang],
    meanwhile: (driver, chain) => after(driver, () => driver.terminate(chain)),
  },
  'run timed out': { status: 'timed_out', definition: 'shortRun', steps: () => [hang] },
  'execution timed out': { status: 'timed_out', definition: 'shortExecution', steps: () => [hang] },
  'retried, then completed': {
    status: 'completed',
    definition: 'retried',
    runs: 3,
    steps: (ms) => [sleep(ms / 4), { do: 'fail', beforeAttempt: 3 }],
  },
  'retried until it failed': { status: 'failed', definition: 'retried', runs: 3, steps: () => [{ do: 'fail' }] },
  'continued as new three times': {
    status: 'completed',
    runs: 4,
    steps: (ms) => [sleep(ms / 4), { do: 'continueAsNew', times: 3 }],
  },
};

async function after(driver: Driver, act: () => Promise<void>): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, driver.pauseMs));
  await act();
}

export const endings: Kind[] = Object.entries(ENDINGS).map(
  ([name, { status, steps, definition = 'plain', runs = 1, meanwhile }]) => ({
    name,
    async drive(driver) {
      const chain = await driver.startByApi(definition, steps(driver.pauseMs));
      await meanwhile?.(driver, chain);
      return [expects(chain, status, { runs })];
    },
  }),
);
