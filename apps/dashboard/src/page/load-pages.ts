/// <reference types="vite/types/importMeta.d.ts" />
import type { ComponentType } from 'react';
import { lazy } from 'react';
import { hasAskedFirst } from './asked-first.ts';
import { BASE } from './config.ts';
import { PAGES, patternOf } from './pages.ts';
import { runledger } from './runledger.ts';
import { readSession } from './session/session.ts';

type Drawn = ComponentType<Record<string, string>>;

interface PageModule {
  default: Drawn;
  /** Asks for what it shows most of, before anything is drawn. */
  ask?: (search: string) => void;
}

interface LoadedPage {
  path: string;
  load: () => Promise<PageModule>;
  /** What draws it, once it has come. */
  Page: Drawn;
}

/** How long a page waits to be drawn once, with what was asked for before its scripts came, in milliseconds. */
const WAITS_MS = 50;
/** What has been read so shortly before is not read again by what draws it, in milliseconds. */
const JUST_READ_MS = 1_000;

const files = import.meta.glob<PageModule>('./pages/*/*-page.tsx');

export const pages: LoadedPage[] = Object.entries(PAGES).map(([path, page]) => {
  const load = files[`./pages/${page}.tsx`] as LoadedPage['load'];
  return { path, load, Page: lazy(load) };
});

/**
 * Has the page at this address at hand before anything is drawn, so that it asks for what it shows at once. Its script has come
 * beside the first one.
 * @returns whether what it shows has been read already
 */
export async function loadFirstPage(): Promise<boolean> {
  const address = `/${location.pathname.slice(BASE.length)}`;
  const first = pages.find(({ path }) => new RegExp(patternOf(path)).test(address));
  // One that does not come is asked for again where it is drawn.
  const loaded = await first?.load().catch(() => undefined);
  if (!first || !loaded) return false;
  first.Page = loaded.default;
  if (!readSession()) return false;
  const isOnItsWay = hasAskedFirst();
  loaded.ask?.(location.search);
  return isOnItsWay && Promise.race([untilRead(), new Promise<false>((no) => setTimeout(() => no(false), WAITS_MS))]);
}

/** Until nothing is asked for any more. What draws a page within a second of its answers takes those, and asks for nothing again. */
async function untilRead(): Promise<true> {
  const { queryClient } = runledger.make();
  const usual = queryClient.getDefaultOptions();
  queryClient.setDefaultOptions({ ...usual, queries: { ...usual.queries, staleTime: JUST_READ_MS } });
  setTimeout(() => queryClient.setDefaultOptions(usual), JUST_READ_MS);
  await new Promise<void>((resolve) => {
    const stop = queryClient.getQueryCache().subscribe(() => {
      if (queryClient.isFetching() > 0) return;
      stop();
      resolve();
    });
  });
  return true;
}
