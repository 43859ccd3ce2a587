import { defineSearchAttributeKey, SearchAttributeType, TypedSearchAttributes } from '@temporalio/common';
import { ADOPTED_TYPE, MEMO_ADOPTED_TYPE, SCHEDULED_TYPE, USER_ATTRIBUTE, USER_MEMO } from '../steps.ts';
import { expects } from './expectation.ts';
import type { Kind } from './kind.ts';

const userKey = defineSearchAttributeKey(USER_ATTRIBUTE, SearchAttributeType.KEYWORD);

/** Started elsewhere, and found by the start feed. */
export const adoptions: Kind[] = [
  {
    name: 'adopted by search attribute',
    async drive(driver) {
      const typedSearchAttributes = new TypedSearchAttributes([{ key: userKey, value: driver.user.id }]);
      const chain = await driver.start([{ do: 'sleep', ms: driver.pauseMs }], {
        workflowType: ADOPTED_TYPE,
        more: { typedSearchAttributes },
      });
      return [expects(chain, 'completed')];
    },
  },
  {
    name: 'adopted by memo',
    async drive(driver) {
      const chain = await driver.start([{ do: 'continueAsNew', times: 2 }, { do: 'fail' }], {
        workflowType: MEMO_ADOPTED_TYPE,
        more: { memo: { [USER_MEMO]: driver.user.id } },
      });
      return [expects(chain, 'failed', { runs: 3 })];
    },
  },
  {
    name: 'adopted, then reset',
    async drive(driver) {
      const chain = await driver.start([{ do: 'wait' }], {
        workflowType: MEMO_ADOPTED_TYPE,
        more: { memo: { [USER_MEMO]: driver.user.id } },
      });
      await driver.reset(chain);
      await driver.signal(chain);
      return [expects(chain, 'completed', { runs: 2 })];
    },
  },
  {
    name: 'started by a schedule',
    async drive(driver) {
      const chains = await driver.runSchedule(SCHEDULED_TYPE, [{ do: 'sleep', ms: driver.pauseMs }]);
      return chains.map((chain) => expects(chain, 'completed'));
    },
  },
  {
    name: 'a stranger, of no rule',
    async drive(driver) {
      const chain = await driver.start([{ do: 'sleep', ms: driver.pauseMs }]);
      return [expects(chain, 'completed', { rows: 0 })];
    },
  },
];
