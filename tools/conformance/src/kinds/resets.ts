import { expects } from './expectation.ts';
import type { Kind } from './kind.ts';

/** A reset goes on in another run: the execution's end is the end of that one. */
export const resets: Kind[] = [
  {
    name: 'reset while running',
    async drive(driver) {
      const chain = await driver.startByApi('plain', [{ do: 'wait' }]);
      await driver.reset(chain);
      await new Promise((resolve) => setTimeout(resolve, driver.pauseMs));
      await driver.signal(chain);
      return [expects(chain, 'completed', { runs: 2 })];
    },
  },
  {
    name: 'reset after it had continued as new',
    async drive(driver) {
      const chain = await driver.startByApi('plain', [{ do: 'continueAsNew', times: 1 }, { do: 'wait' }]);
      const runId = await driver.untilRuns(chain, 2);
      await driver.reset(chain, { runId });
      await driver.signal(chain);
      return [expects(chain, 'completed', { runs: 3 })];
    },
  },
  {
    name: 'reset after its end, which comes again',
    async drive(driver) {
      const chain = await driver.startByApi('plain', [{ do: 'wait' }]);
      await driver.signal(chain);
      await driver.untilClosed(chain);
      await driver.untilSettled(chain);
      await driver.reset(chain);
      return [expects(chain, 'completed', { runs: 2 })];
    },
  },
  {
    name: 'reset after its end, and reopened',
    async drive(driver) {
      const chain = await driver.startByApi('plain', [{ do: 'wait' }]);
      await driver.signal(chain);
      await driver.untilClosed(chain);
      await driver.untilSettled(chain);
      await driver.reset(chain, { without: ['signals'] });
      await new Promise((resolve) => setTimeout(resolve, driver.pauseMs));
      await driver.terminate(chain);
      return [expects(chain, 'terminated', { runs: 2 })];
    },
  },
  {
    name: 'reset after its end, reopened and finished',
    async drive(driver) {
      const chain = await driver.startByApi('plain', [{ do: 'wait' }]);
      await driver.signal(chain);
      await driver.untilClosed(chain);
      await driver.untilSettled(chain);
      await driver.reset(chain, { without: ['signals'] });
      await driver.signal(chain);
      return [expects(chain, 'completed', { runs: 2 })];
    },
  },
  {
    name: 'reset of a reset of a reset',
    async drive(driver) {
      const chain = await driver.startByApi('plain', [{ do: 'wait' }]);
      let runId = chain.firstRunId;
      for (let time = 0; time < 3; time += 1) runId = await driver.reset(chain, { runId, without: ['signals'] });
      await driver.signal(chain);
      return [expects(chain, 'completed', { runs: 4 })];
    },
  },
  {
    name: 'reset twice from its first run, after its end',
    async drive(driver) {
      const chain = await driver.startByApi('plain', [{ do: 'fail' }]);
      await driver.untilClosed(chain);
      for (let time = 0; time < 2; time += 1) {
        await driver.resetAgain(chain);
        await driver.untilClosed(chain);
      }
      return [expects(chain, 'failed', { runs: 3 })];
    },
  },
];
