import type { ReactNode } from 'react';
import { lazy, Suspense, useEffect } from 'react';
import { useLocation } from 'wouter';
import { KeyList, useKeys } from './keys.tsx';
import { closeRail, show, useOverlay } from './overlays.ts';
import { Rail } from './rail.tsx';

const Palette = lazy(() => import('./palette.tsx'));

/** What every page lies in. */
export function Shell({ children }: { children: ReactNode }) {
  const overlay = useOverlay();
  const [path] = useLocation();
  useKeys();
  useEffect(closeRail, [path]);
  return (
    <div className="frame">
      <a href="#content" className="sr-only focus:not-sr-only focus:absolute focus:z-30 focus:bg-background focus:p-2">
        Skip to the page
      </a>
      <Rail />
      <div className="min-w-0">{children}</div>
      {overlay === 'palette' && (
        <Suspense fallback={null}>
          <Palette onClose={() => show(null)} />
        </Suspense>
      )}
      {overlay === 'keys' && <KeyList onClose={() => show(null)} />}
    </div>
  );
}
