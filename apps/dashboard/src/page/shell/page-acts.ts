import { useEffect } from 'react';
import { usePageKeys } from './keys.tsx';

/** Something that can be done on the page that is shown. */
export interface PageAct {
  label: string;
  /** A letter that does it too. */
  key: string;
  act: () => void;
}

const NONE: PageAct[] = [];
let acts = NONE;

/** What can be done where the reader is. */
export const pageActs = (): PageAct[] => acts;

/** By its letter, and by name in go-to. One component of a page says what can be done on it. */
export function usePageActs(offered: PageAct[]): void {
  usePageKeys(Object.fromEntries(offered.map(({ key, act }) => [key, act])));
  useEffect(() => {
    acts = offered;
    return () => {
      acts = NONE;
    };
  });
}
