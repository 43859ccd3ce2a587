import { WorkflowIdConflictPolicy } from '@temporalio/common';
import { expects } from './expectation.ts';
import type { Kind } from './kind.ts';

/** Applications that start workflows themselves and record them with the service. */
export const registrations: Kind[] = [
  {
    name: 'registered before its start',
    async drive(driver) {
      const workflowId = driver.newWorkflowId();
      await driver.register({ workflowId });
      const chain = await driver.start([{ do: 'sleep', ms: driver.pauseMs }], { workflowId });
      return [expects(chain, 'completed')];
    },
  },
  {
    name: 'registered before its start and again after it',
    async drive(driver) {
      const workflowId = driver.newWorkflowId();
      await driver.register({ workflowId });
      const chain = await driver.start([{ do: 'sleep', ms: driver.pauseMs }, { do: 'fail' }], { workflowId });
      await driver.register(chain);
      return [expects(chain, 'failed')];
    },
  },
  {
    name: 'registered after its start',
    async drive(driver) {
      const chain = await driver.start([{ do: 'sleep', ms: driver.pauseMs }]);
      await driver.register(chain);
      return [expects(chain, 'completed')];
    },
  },
  {
    name: 'registered after its end',
    async drive(driver) {
      const chain = await driver.start([{ do: 'fail' }]);
      await driver.untilClosed(chain);
      await driver.register(chain);
      return [expects(chain, 'failed')];
    },
  },
  {
    name: 'workflow id used again after its end',
    async drive(driver) {
      const first = await driver.start([{ do: 'fail' }]);
      await driver.register(first);
      await driver.untilClosed(first);
      const { workflowId } = first;
      const second = await driver.start([{ do: 'sleep', ms: driver.pauseMs }], { workflowId });
      await driver.register(second);
      return [expects(first, 'failed'), expects(second, 'completed')];
    },
  },
  {
    name: 'workflow id taken over while it ran',
    async drive(driver) {
      const first = await driver.start([{ do: 'hang' }]);
      await driver.register(first);
      const more = { workflowIdConflictPolicy: WorkflowIdConflictPolicy.TERMINATE_EXISTING };
      const second = await driver.start([], { workflowId: first.workflowId, more });
      await driver.register(second);
      return [expects(first, 'terminated'), expects(second, 'completed')];
    },
  },
  {
    name: 'cron, then terminated',
    async drive(driver) {
      const chain = await driver.start([], { more: { cronSchedule: '@every 1s' } });
      await driver.register(chain);
      await driver.untilRuns(chain, 3);
      await driver.terminate(chain);
      return [expects(chain, 'terminated', { runs: null })];
    },
  },
];
