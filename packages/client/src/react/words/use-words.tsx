import type { ReactNode } from 'react';
import { createContext, useContext, useMemo } from 'react';
import type { Words } from './words.ts';
import { DEFAULT_WORDS } from './words.ts';

/**
 * Who looks. `user`: a customer of the application, who sees neither error messages, nor names of steps, nor other users. `team`:
 * whoever runs the application.
 */
export type Audience = 'user' | 'team';

const WordsContext = createContext<Words>(DEFAULT_WORDS);

/** Words for every component inside; those of the components' own `words` go first. */
export function WordsProvider({ words, children }: { words: Partial<Words> | undefined; children: ReactNode }) {
  const outer = useContext(WordsContext);
  const all = useMemo(() => (words ? { ...outer, ...words } : outer), [outer, words]);
  return <WordsContext value={all}>{children}</WordsContext>;
}

export function useWords(): Words {
  return useContext(WordsContext);
}
