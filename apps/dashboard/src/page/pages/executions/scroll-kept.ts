import { useEffect } from 'react';

const KEY = 'runledger.scroll';

/** Back shows the list where it was left. @param list Names the list; @param isThere Whether its rows are. */
export function useScrollKept(list: string, isThere: boolean): void {
  useEffect(() => {
    if (!isThere) return;
    const kept = JSON.parse(sessionStorage.getItem(KEY) ?? '{}') as Record<string, number>;
    if (kept[list]) scrollTo(0, kept[list]);
    const keep = () => sessionStorage.setItem(KEY, JSON.stringify({ [list]: scrollY }));
    addEventListener('scrollend', keep);
    return () => removeEventListener('scrollend', keep);
  }, [list, isThere]);
}
