import { expect, test } from 'vitest';
import { Instant } from './filter-request.ts';

test.each(['2026-11-21T09:00:00Z', '0001-01-01T00:00:00+14:00', '9999-12-31T23:59:59.999999-15:59'])(
  'an instant is taken: %s',
  (instant) => {
    expect(Instant.parse(instant)).toBe(instant);
  },
);

test.each(['0000-01-01T00:00:00Z', '2026-01-01T00:00:00+16:00', '2026-01-01T00:00:00-23:59'])(
  'an instant that Postgres does not know is refused with its bounds: %s',
  (instant) => {
    expect(Instant.safeParse(instant).error?.issues[0]?.message).toContain('0001 to 9999');
  },
);
