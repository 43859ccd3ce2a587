import { expects } from './expectation.ts';
import type { Kind } from './kind.ts';

/** Whatever run of a chain a caller names, it is one execution; and no other run is it. */
export const chains: Kind[] = [
  {
    name: 'registered by its second run',
    async drive(driver) {
      const chain = await driver.start([{ do: 'continueAsNew', times: 1 }, { do: 'wait' }]);
      const runId = await driver.untilRuns(chain, 2);
      await driver.register({ workflowId: chain.workflowId, firstRunId: runId });
      await driver.signal(chain);
      return [expects(chain, 'completed', { runs: 2 })];
    },
  },
  {
    name: 'registered by its first and its last run at once',
    async drive(driver) {
      const chain = await driver.start([{ do: 'continueAsNew', times: 2 }, { do: 'wait' }]);
      const runId = await driver.untilRuns(chain, 3);
      const last = { workflowId: chain.workflowId, firstRunId: runId };
      await Promise.all([driver.register(chain), driver.register(last)]);
      await driver.signal(chain);
      return [expects(chain, 'completed', { runs: 3 })];
    },
  },
  {
    name: 'registered by a reset run, after its end',
    async drive(driver) {
      const chain = await driver.start([{ do: 'fail' }]);
      await driver.register(chain);
      await driver.untilClosed(chain);
      const runId = await driver.reset(chain);
      await driver.register({ workflowId: chain.workflowId, firstRunId: runId });
      await driver.untilClosed(chain);
      return [expects(chain, 'failed', { runs: 2 })];
    },
  },
  {
    name: "registered before its start, under an id that a stranger's run had",
    async drive(driver) {
      const stranger = await driver.start([]);
      await driver.untilClosed(stranger);
      const { workflowId } = stranger;
      await driver.register({ workflowId });
      const own = await driver.start([{ do: 'sleep', ms: driver.pauseMs }, { do: 'fail' }], { workflowId });
      return [expects(stranger, 'completed', { rows: 0 }), expects(own, 'failed')];
    },
  },
  {
    name: 'a chain of 30 runs',
    async drive(driver) {
      const chain = await driver.startByApi('plain', [{ do: 'continueAsNew', times: 29 }]);
      return [expects(chain, 'completed', { runs: 30 })];
    },
  },
];
