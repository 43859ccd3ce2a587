import { DEFAULT_WORDS, useNow as useSharedNow } from '@runledger/client/react';
import { useEffect, useMemo } from 'react';
import { useSearchParams } from 'wouter';
import { createKept } from './kept.ts';

const own = Intl.DateTimeFormat().resolvedOptions().timeZone;

const kept = createKept('runledger.zone', 'local');
/** What the last address said that this tab was at: an execution is read in the zone of the list that led to it. */
const visited = createKept('runledger.zone', '', sessionStorage);

/** IANA name of the zone that times are shown in: the address says it, or the last one that did, else what was chosen last, else this machine’s. */
export function useZone(): string {
  const asked = useAskedZone();
  const chosen = [asked, visited.use(), kept.use()].find(isZone) ?? 'local';
  return chosen === 'local' ? own : chosen;
}

/** What the address says of the zone, if anything. */
function useAskedZone(): string {
  const [search] = useSearchParams();
  return search.get('tz') ?? '';
}

/** Has the tab remember what its addresses say of the zone. */
export function useVisitedZone(): void {
  const asked = useAskedZone();
  useEffect(() => {
    if (isZone(asked)) visited.put(asked);
  }, [asked]);
}

/** Shows times in a zone from now on; an address that says another says this one then. */
export function useChooseZone(): (zone: string) => void {
  const [search, setSearch] = useSearchParams();
  return (zone) => {
    kept.put(zone);
    visited.put('');
    if (!search.has('tz')) return;
    search.set('tz', zone);
    setSearch(search, { replace: true });
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

/** How instants are written in the zone of the page. */
export interface Clock {
  zone: string;
  /** 12:00:04 */
  timeOf(at: string): string;
  /** 11:59:06.120 */
  preciseTimeOf(at: string): string;
  /** 29 Nov 2026, 12:00:04 */
  instantOf(at: string): string;
  /** 12:00 of today, else 28 Nov 12:00 */
  shortOf(at: string, now?: number): string;
}

/** By their zones: browsers take a millisecond and more for what writes instants. */
const clocks = new Map<string, Clock>();

/** @throws RangeError for a zone that there is not */
function clockOf(zone: string): Clock {
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
  const day = of({ day: 'numeric', month: 'short' });
  return {
    zone: timeZone,
    timeOf: (at) => time.format(new Date(at)),
    preciseTimeOf: (at) => precise.format(new Date(at)),
    instantOf: (at) => instant.format(new Date(at)),
    shortOf(at, now = Date.now()) {
      const then = new Date(at);
      const today = day.format(new Date(now)) === day.format(then);
      return today ? minute.format(then) : `${day.format(then)} ${minute.format(then)}`;
    },
  };
}

export function useClock(): Clock {
  return clockOf(useZone());
}

/** Milliseconds since 1970 in whole steps, again every `everyMs`; all that look as often share one timer. */
export const useNow = (everyMs = 1_000): number => useSharedNow(everyMs) as number;

/** `3 min ago`, with the instant itself on hover. */
export function Ago({ at, clock }: { at: string; clock?: Clock }) {
  return clock ? <AgoBy at={at} clock={clock} /> : <AgoHere at={at} />;
}

const AgoHere = ({ at }: { at: string }) => <AgoBy at={at} clock={useClock()} />;

function AgoBy({ at, clock }: { at: string; clock: Clock }) {
  const now = useNow(10_000);
  const title = useMemo(() => clock.instantOf(at), [clock, at]);
  return (
    <time dateTime={at} title={title}>
      {DEFAULT_WORDS.ago(Math.max(0, now - Date.parse(at)))}
    </time>
  );
}
