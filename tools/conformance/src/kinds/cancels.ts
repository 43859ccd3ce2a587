import { expects } from './expectation.ts';
import type { Kind } from './kind.ts';

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** A cancel is about the run that was open when it was asked for, and is spent once. */
export const cancels: Kind[] = [
  {
    name: 'cancelled through the API, then reset without the cancel',
    async drive(driver) {
      const chain = await driver.startByApi('plain', [{ do: 'wait' }]);
      // A cancel before the first task would be part of what a reset copies.
      await driver.untilBegun(chain);
      await driver.cancelByApi(chain);
      await driver.untilClosed(chain);
      await driver.untilSettled(chain);
      await driver.reset(chain, { without: ['cancel', 'signals'] });
      await pause(driver.pauseMs);
      await driver.signal(chain);
      return [expects(chain, 'completed', { runs: 2 })];
    },
  },
  {
    name: 'cancelled through the API, and continued as new',
    async drive(driver) {
      const chain = await driver.startByApi('plain', [{ do: 'continueWhenCancelled' }, { do: 'wait' }]);
      await driver.untilBegun(chain);
      await driver.cancelByApi(chain);
      await driver.untilRuns(chain, 2);
      await pause(driver.pauseMs);
      // A request that was repeated after the ledger knew of the next run is another one, about that run.
      const isOpen = await driver.signalIfOpen(chain);
      return [expects(chain, isOpen ? 'completed' : 'cancelled', { runs: 2 })];
    },
  },
  {
    name: 'cancelled in Temporal, and cleaned up for long',
    async drive(driver) {
      const chain = await driver.startByApi('plain', [{ do: 'cleanUpWhenCancelled', activities: 12 }]);
      await driver.untilBegun(chain);
      await driver.cancel(chain);
      return [expects(chain, 'cancelled')];
    },
  },
];
