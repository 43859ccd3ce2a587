/// <reference types="vite/types/importMeta.d.ts" />
import type { ComponentType } from 'react';
import { lazy } from 'react';
import { BASE } from './config.ts';
import { PAGES, patternOf } from './pages.ts';
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

const files = import.meta.glob<PageModule>('./pages/*/*-page.tsx');

export const pages: LoadedPage[] = Object.entries(PAGES).map(([path, page]) => {
  const load = files[`./pages/${page}.tsx`] as LoadedPage['load'];
  return { path, load, Page: lazy(load) };
});

/**
 * Has the page at this address at hand before anything is drawn, so that it asks for what it shows at once. Its script has come
 * beside the first one.
 */
export async function loadFirstPage(): Promise<void> {
  const address = `/${location.pathname.slice(BASE.length)}`;
  const first = pages.find(({ path }) => new RegExp(patternOf(path)).test(address));
  // One that does not come is asked for again where it is drawn.
  const loaded = await first?.load().catch(() => undefined);
  if (!first || !loaded) return;
  first.Page = loaded.default;
  if (readSession()) loaded.ask?.(location.search);
}
