import fc from 'fast-check';

/** Zones whose days begin on the hour, off it, and change their length in spring or autumn, by an hour or by half of one. */
const ZONES = ['UTC', 'Europe/Berlin', 'America/New_York', 'Asia/Kolkata', 'Asia/Kathmandu', 'Australia/Lord_Howe'];

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

const lastSunday = (year: number, month: number): number => {
  const end = new Date(Date.UTC(year, month, 0));
  return end.getTime() - end.getUTCDay() * DAY;
};
const nextYear = new Date().getUTCFullYear() + 1;

/** Days on which clocks change in those zones, in a year for which hours are kept: the next one. */
const CHANGES = [
  lastSunday(nextYear, 3),
  lastSunday(nextYear, 10),
  Date.UTC(nextYear, 2, 14 - ((new Date(Date.UTC(nextYear, 2, 0)).getUTCDay() + 6) % 7)),
  Date.UTC(nextYear, 3, 7 - ((new Date(Date.UTC(nextYear, 3, 0)).getUTCDay() + 7) % 7)),
];

/** Around a change of clocks; or from before hours are kept, when days are all there is. */
const moment = fc.oneof(
  {
    weight: 3,
    arbitrary: fc
      .tuple(fc.nat(CHANGES.length - 1), fc.integer({ min: -60 * 60, max: 60 * 60 }))
      .map(([change, minutes]) => (CHANGES[change] as number) + minutes * 60_000),
  },
  {
    weight: 1,
    arbitrary: fc
      .integer({ min: 40 * 24 * 60, max: 50 * 24 * 60 })
      .map((minutes) => Math.floor(Date.now() / DAY) * DAY - minutes * 60_000),
  },
);

const iso = (ms: number, micros: number) =>
  new Date(ms).toISOString().replace(/\.\d+Z$/, `.${String(micros).padStart(6, '0')}Z`);
const time = fc.oneof(fc.constantFrom(0, 1, 2), fc.nat(100), fc.nat(100_000), fc.nat(2_000_000_000));
const ends = fc.constantFrom('completed', 'completed', 'failed', 'failed', 'cancelled', 'timed_out', 'terminated');
const failure = fc.constantFrom(
  { type: 'CardDeclined', message: 'Card 17 declined', activityType: 'charge' },
  { type: 'CardDeclined', message: 'Card 18 declined', activityType: 'charge' },
  { type: 'OutOfStock', message: 'None left' },
);

const execution = fc.record({
  user: fc.nat(2),
  workflow: fc.nat(3),
  isDirect: fc.boolean(),
  startedAt: fc.tuple(moment, fc.nat(999_999)).map(([ms, micros]) => iso(ms, micros)),
  status: fc.oneof(fc.constantFrom('pending', 'running'), ends),
  durationMs: time,
  queueMs: fc.option(time, { freq: 2 }),
  verdict: fc.constantFrom('good', 'bad', null),
  failure,
});

const change = fc.record({
  execution: fc.nat(39),
  what: fc.constantFrom('end', 'correct', 'reopen', 'judge', 'give', 'prune', 'prune', 'prune', 'delete', 'remeasure'),
  to: execution,
});

const windows = fc.record({
  from: moment,
  /** Instead: begins with the hour of this execution, or ends where that begins. */
  edge: fc.option(fc.record({ execution: fc.nat(39), isEnd: fc.boolean() })),
  /** Half of them end and begin within an hour. */
  minutesPast: fc.constantFrom(0, 0, 20, 59),
  hours: fc.oneof(fc.integer({ min: 1, max: 30 }), fc.constantFrom(24, 48, 24 * 7, 24 * 30)),
  zone: fc.constantFrom(...ZONES),
});

/** A small ledger: what is there when the folder comes by, what happens after it, and how it is looked at. */
export const world = fc.record({
  folded: fc.array(execution, { maxLength: 20 }),
  tail: fc.array(execution, { maxLength: 20 }),
  changes: fc.array(change, { maxLength: 12 }),
  /** How many of the changes and later executions are folded as well. */
  foldedAfter: fc.nat(30),
  /** Goes in the end with all they own; often nobody. */
  leaver: fc.constantFrom(null, 1, 2),
  windows: fc.array(windows, { minLength: 2, maxLength: 2 }),
});

export type World = typeof world extends fc.Arbitrary<infer T> ? T : never;
export type WorldExecution = World['folded'][number];
export type WorldWindow = World['windows'][number];
