import type { MouseEvent, ReactNode } from 'react';
import { lazy, Suspense, useEffect } from 'react';
import { useLocation } from 'wouter';
import { useFocusKept } from './focus-kept.ts';
import { KeyList, useKeys } from './keys.tsx';
import { closeRail, show, useOverlay } from './overlays.ts';
import { ProofBar } from './proof-bar.tsx';
import { Rail } from './rail.tsx';

const loadPalette = () => import('./palette.tsx');
const Palette = lazy(loadPalette);
/** When nothing else is to be done, so that it is there at once when it is called. */
const PREFETCHES_AFTER_MS = 2_000;

/** Not by the address: beneath a `<base>` it would be that of the overview. */
function skip(event: MouseEvent): void {
  event.preventDefault();
  document.getElementById('content')?.focus();
}

/** What every page lies in. */
export function Shell({ children }: { children: ReactNode }) {
  const overlay = useOverlay();
  const [path] = useLocation();
  useKeys();
  useFocusKept();
  useEffect(closeRail, [path]);
  useEffect(() => {
    const timer = setTimeout(() => void loadPalette(), PREFETCHES_AFTER_MS);
    return () => clearTimeout(timer);
  }, []);
  return (
    <div className="frame">
      {/* biome-ignore lint/a11y/useValidAnchor: it leads to a place on this page */}
      <a
        href="#content"
        onClick={skip}
        className="sr-only focus:not-sr-only focus:absolute focus:z-30 focus:bg-background focus:p-2"
      >
        Skip to the page
      </a>
      <Rail />
      <div className="min-w-0">
        {children}
        <ProofBar />
      </div>
      {overlay === 'palette' && (
        <Suspense fallback={null}>
          <Palette onClose={() => show(null)} />
        </Suspense>
      )}
      {overlay === 'keys' && <KeyList onClose={() => show(null)} />}
    </div>
  );
}
