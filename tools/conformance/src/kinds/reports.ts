import type { Step } from '../steps.ts';
import { expects } from './expectation.ts';
import type { Kind } from './kind.ts';

const says = (status: 'completed' | 'failed', verdict?: string): Step => ({
  do: 'report',
  status,
  ...(verdict ? { verdict } : {}),
});

/** Longer than a report against an engine that says "open" is believed. */
const TOO_EARLY_MS = 12_000;

/** Workers that report how their workflows end. Whatever they say, the end is the engine's. */
export const reports: Kind[] = [
  {
    name: 'reported rightly',
    async drive(driver) {
      const steps: Step[] = [{ do: 'sleep', ms: driver.pauseMs }, says('completed')];
      return [expects(await driver.startByApi('plain', steps), 'completed')];
    },
  },
  {
    name: 'reported too early',
    async drive(driver) {
      const steps: Step[] = [says('completed'), { do: 'sleep', ms: TOO_EARLY_MS }];
      return [expects(await driver.startByApi('plain', steps), 'completed')];
    },
  },
  {
    name: 'reported wrongly',
    async drive(driver) {
      const steps: Step[] = [{ do: 'sleep', ms: driver.pauseMs }, says('completed'), { do: 'fail' }];
      return [expects(await driver.startByApi('plain', steps), 'failed')];
    },
  },
  {
    name: 'reported twice',
    async drive(driver) {
      const steps: Step[] = [says('completed'), says('failed'), { do: 'sleep', ms: driver.pauseMs }];
      return [expects(await driver.startByApi('plain', steps), 'completed')];
    },
  },
  {
    name: 'reported with a verdict',
    async drive(driver) {
      const chain = await driver.startByApi('plain', [says('completed', 'approved')]);
      return [expects(chain, 'completed', { verdict: 'approved' })];
    },
  },
];
