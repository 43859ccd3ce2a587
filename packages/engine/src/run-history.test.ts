import { expect, test } from 'vitest';
import { createRunHistory } from './run-history.ts';
import type { TemporalCalls } from './temporal-calls.ts';

const REF = { namespace: 'default', temporalWorkflowId: 'order-1', runId: 'a' };
const TIME = { seconds: 1_795_254_822 as never, nanos: 0 };

/** Temporal with one history, of these pages from its end. */
function pagesFromTheEnd(pages: object[][]) {
  const tokens: number[] = [];
  const service = {
    async getWorkflowExecutionHistoryReverse({ nextPageToken }: { nextPageToken?: Uint8Array }) {
      const page = nextPageToken?.[0] ?? 0;
      tokens.push(page);
      const isLast = page + 1 >= pages.length;
      return {
        history: { events: pages[page] },
        nextPageToken: isLast ? new Uint8Array() : new Uint8Array([page + 1]),
      };
    },
  };
  const call: TemporalCalls = (make) => make(service as never, {} as never);
  return { history: createRunHistory(call), tokens };
}

const request = {
  eventTime: TIME,
  workflowExecutionCancelRequestedEventAttributes: { identity: 'anna@example.com', cause: 'ordered twice' },
};
const other = { eventTime: TIME, timerFiredEventAttributes: {} };

test('who asked to cancel is read back through a long clean-up, page by page, no further than the request', async () => {
  const { history, tokens } = pagesFromTheEnd([[other], [other, other], [request], [other]]);
  expect(await history.cancelRequest(REF)).toMatchObject({ by: 'anna@example.com', reason: 'ordered twice' });
  expect(tokens).toEqual([0, 1, 2]);
});

test('nobody is named where no page has a request, and 20 pages are enough', async () => {
  expect(await pagesFromTheEnd([[other], [other]]).history.cancelRequest(REF)).toBeNull();
  const long = pagesFromTheEnd(Array.from({ length: 30 }, () => [other]));
  expect(await long.history.cancelRequest(REF)).toBeNull();
  expect(long.tokens).toHaveLength(20);
});
