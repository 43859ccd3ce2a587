'use client';

import type { Words } from '@runledger/client/react';
import { createRunledgerReact, RunledgerProvider as Provider, WordsProvider } from '@runledger/client/react';
import type { ReactNode } from 'react';
import '@runledger/client/react/styles.css';

/** What your pages say instead of the default, in every component: `failed: 'Not delivered'`, or a whole language. */
const words: Partial<Words> = {};

interface RunledgerProviderProps {
  /** Where the API is: `https://api.example.com/trpc`. */
  url: string;
  /** The token of whoever is signed in, asked for with every request; of Supabase: the session's `access_token`. */
  getToken: () => string | null | Promise<string | null>;
  children: ReactNode;
}

let runledger: ReturnType<typeof createRunledgerReact> | null = null;

/** Around everything that shows executions; once in an application. */
export function RunledgerProvider({ url, getToken, children }: RunledgerProviderProps) {
  runledger ??= createRunledgerReact({ url, getToken });
  return (
    <Provider runledger={runledger}>
      <WordsProvider words={words}>{children}</WordsProvider>
    </Provider>
  );
}
