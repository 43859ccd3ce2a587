import { pino } from 'pino';
import { expect, test } from 'vitest';
import { createFeedPace } from './feed-pace.ts';

test('a feed slows down while Temporal refuses its calls, says so once, and speeds up again', () => {
  const lines: string[] = [];
  const throttled: string[] = [];
  const logger = pino({ level: 'info' }, { write: (line: string) => lines.push(JSON.parse(line).msg) });
  const pace = createFeedPace({ feed: 'closure', logger, telemetry: { throttled: (feed) => throttled.push(feed) } });
  expect([pace.after(250), pace.throttledSince]).toEqual([250, null]);
  expect([pace.afterRefusal(250), pace.afterRefusal(250)]).toEqual([500, 1_000]);
  expect(pace.throttledSince).toEqual(expect.any(String));
  expect([pace.after(250), pace.throttledSince === null]).toEqual([500, false]);
  expect([pace.after(250), pace.throttledSince]).toEqual([250, null]);
  expect(lines).toEqual([
    'Temporal limits the rate of calls; the feed slows down',
    'Temporal takes calls at the usual rate again',
  ]);
  expect(throttled).toEqual(['closure', 'closure']);
  for (let refusal = 0; refusal < 20; refusal += 1) pace.afterRefusal(250);
  expect(pace.afterRefusal(250)).toBe(30_000);
});
