/** How instants are written in the zone of the page. */
export interface Clock {
  zone: string;
  /** 12:00:04 */
  timeOf(at: string): string;
  /** 11:59:06.120 */
  preciseTimeOf(at: string): string;
  /** The same with its day, where that is not today. */
  preciseOf(at: string): string;
  /** 29 Nov 2026, 12:00:04 */
  instantOf(at: string): string;
  /** Nothing of today, else 28 Nov, of another year 28 Nov 2024 */
  dayOf(at: string, now?: number): string;
  /** 12:00 of today, else 28 Nov 12:00, of another year 28 Nov 2024 12:00 */
  shortOf(at: string, now?: number): string;
}

/** By their zones: browsers take a millisecond and more for what writes instants. */
const clocks = new Map<string, Clock>();

/** @throws RangeError for a zone that there is not */
export function clockOf(zone: string): Clock {
  const clock = clocks.get(zone) ?? makeClock(zone);
  clocks.set(zone, clock);
  return clock;
}

function makeClock(timeZone: string): Clock {
  const of = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat('en-GB', { timeZone, hourCycle: 'h23', ...options });
  const hms = { hour: '2-digit', minute: '2-digit', second: '2-digit' } as const;
  const time = of(hms);
  const precise = of({ ...hms, fractionalSecondDigits: 3 });
  const instant = of({ ...hms, day: 'numeric', month: 'short', year: 'numeric' });
  const minute = of({ hour: '2-digit', minute: '2-digit' });
  const date = of({ day: 'numeric', month: 'short', year: 'numeric' });
  function dayOf(at: string, now = Date.now()): string {
    const today = date.format(now);
    const then = date.format(new Date(at));
    const [year] = / \d+$/.exec(today) as RegExpExecArray;
    return then === today ? '' : then.endsWith(year) ? then.slice(0, -year.length) : then;
  }
  return {
    zone: timeZone,
    timeOf: (at) => time.format(new Date(at)),
    preciseTimeOf: (at) => precise.format(new Date(at)),
    preciseOf: (at) => `${dayOf(at)} ${precise.format(new Date(at))}`.trimStart(),
    instantOf: (at) => instant.format(new Date(at)),
    dayOf,
    shortOf: (at, now) => `${dayOf(at, now)} ${minute.format(new Date(at))}`.trimStart(),
  };
}

/** Whether there is such a zone. */
export function isZone(name: string): boolean {
  try {
    return name === 'local' || (name !== '' && clockOf(name) !== undefined);
  } catch {
    return false;
  }
}

/** Berlin, UTC+1. */
export function zoneLabel(zone: string, at = new Date()): string {
  const city = (zone.split('/').at(-1) as string).replaceAll('_', ' ');
  const offset = new Intl.DateTimeFormat('en', { timeZone: zone, timeZoneName: 'shortOffset' })
    .formatToParts(at)
    .find(({ type }) => type === 'timeZoneName')
    ?.value.replace('GMT', 'UTC');
  return city === offset || city === 'UTC' ? 'UTC' : `${city}, ${offset}`;
}
