import { expect, test } from 'vitest';
import { inOrder, leavesOutOpen, readListAddress } from './list-address.ts';

test.each([
  ['from=garbage&status=failed', { status: ['failed'] }, ['from=garbage']],
  ['endedTo=2026-11-30', {}, ['endedTo=2026-11-30']],
  ['from=2026-13-45T00:00:00Z', {}, ['from=2026-13-45T00:00:00Z']],
  ['from=-24h&to=2026-11-30T06:26:00%2B01:00', { from: '-24h', to: '2026-11-30T06:26:00+01:00' }, []],
  ['sort=-size', {}, ['sort=-size']],
])('of %s what is no instant and no order is named and left out', (search, filter, ignored) => {
  expect(readListAddress(search)).toMatchObject({ filter, ignored });
});

test.each([
  ['sort=-took', true],
  ['sort=ended&status=running,failed', true],
  ['sort=-took&status=failed', false],
  ['sort=-took&not=pending,running', false],
  ['sort=-took&endedFrom=-24h', false],
  ['status=running', false],
])('an order that leaves out open ones is told: %s, %s', (search, is) => {
  expect(leavesOutOpen(readListAddress(search))).toBe(is);
});

test('what is counted is what the order has', () => {
  const ended = '1970-01-01T00:00:00.000Z';
  expect(inOrder({ status: ['failed'] }, '-started')).toEqual({ status: ['failed'] });
  expect(inOrder({ status: ['failed'] }, '-took')).toEqual({ status: ['failed'], endedFrom: ended });
  expect(inOrder({ endedFrom: '-24h' }, 'ended')).toEqual({ endedFrom: '-24h' });
});
