import { z } from 'zod';

/** A user whom a demonstration signs in by one click. Never one of a real project. */
export const DemoUser = z.object({ email: z.string(), password: z.string() });

/** What the page has to know before its first call. All of it is public: whoever opens the page reads it, signed in or not. */
export interface PageConfig {
  /** The project that users sign in to; its key is the one for browsers. */
  auth: { url: string; key: string };
  /** Temporal's own page, where operators have one. */
  temporalUiUrl: string | null;
  namespace: string;
  demoUsers: z.output<typeof DemoUser>[];
}

/** Served instead of nothing: where the built page is, and what it is told. */
export interface DashboardOptions {
  /** Of `@runledger/dashboard`, built. */
  folder: string;
  /** Where browsers find it: `/`, or the folder that a proxy serves it under. Begins and ends with a slash. */
  path: string;
  config: PageConfig;
}
