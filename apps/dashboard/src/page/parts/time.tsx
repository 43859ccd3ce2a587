import { DEFAULT_WORDS, useNow as useSharedNow } from '@runledger/client/react';
import { useEffect, useMemo } from 'react';
import { useSearchParams } from 'wouter';
import type { Clock } from './clock.ts';
import { clockOf, isZone } from './clock.ts';
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

export function useClock(): Clock {
  return clockOf(useZone());
}

/** Milliseconds since 1970 in whole steps, again every `everyMs`; all that look as often share one timer. */
export const useNow = (everyMs = 1_000): number => useSharedNow(everyMs) as number;

/** Two clocks differ by so much, in milliseconds. */
const SLACK_MS = 60_000;

/** `3 min ago`, with the instant itself on hover; of what is to come, the time. */
export function Ago({ at, clock }: { at: string; clock?: Clock }) {
  return clock ? <AgoBy at={at} clock={clock} /> : <AgoHere at={at} />;
}

const AgoHere = ({ at }: { at: string }) => <AgoBy at={at} clock={useClock()} />;

function AgoBy({ at, clock }: { at: string; clock: Clock }) {
  const now = useNow(10_000);
  const title = useMemo(() => clock.instantOf(at), [clock, at]);
  return (
    <time dateTime={at} title={title}>
      {Date.parse(at) - now > SLACK_MS ? clock.shortOf(at, now) : DEFAULT_WORDS.ago(Math.max(0, now - Date.parse(at)))}
    </time>
  );
}
