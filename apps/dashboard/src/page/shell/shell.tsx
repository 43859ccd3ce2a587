import type { MouseEvent, ReactNode } from 'react';
import { lazy, useEffect } from 'react';
import { useLocation } from 'wouter';
import { Dialog } from '../parts/dialog.tsx';
import { Broken, Guard } from '../parts/guard.tsx';
import { usePrefetched } from '../parts/use-prefetched.ts';
import { useFocusKept } from './focus-kept.ts';
import { KeyList, useKeys } from './keys.tsx';
import { closeRail, show, useOverlay } from './overlays.ts';
import { Page } from './page.tsx';
import { ProofBar } from './proof-bar.tsx';
import { Rail } from './rail.tsx';

const loadPalette = () => import('./palette.tsx');
const Palette = lazy(loadPalette);

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
  usePrefetched(loadPalette);
  const close = () => show(null);
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
        <Guard key={path} fallback={<BrokenPage />}>
          {children}
        </Guard>
        <ProofBar />
      </div>
      {overlay === 'palette' && (
        <Guard fallback={<BrokenGoTo onClose={close} />}>
          <Palette onClose={close} />
        </Guard>
      )}
      {overlay === 'keys' && <KeyList onClose={close} />}
    </div>
  );
}

const BrokenPage = () => (
  <Page title="Not there" crumbs={[]}>
    <Broken isPage />
  </Page>
);

const BrokenGoTo = ({ onClose }: { onClose: () => void }) => (
  <Dialog title="Go to" onClose={onClose}>
    <Broken />
  </Dialog>
);
