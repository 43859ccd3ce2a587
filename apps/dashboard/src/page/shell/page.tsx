import { Menu as MenuIcon, Search } from 'lucide-react';
import type { ReactNode } from 'react';
import { Fragment, useEffect } from 'react';
import { Link } from 'wouter';
import { LiveBadge } from './live-badge.tsx';
import { openPalette, toggleRail } from './overlays.ts';
import { ThemeSwitch } from './theme-switch.tsx';
import { ZoneSwitch } from './zone-switch.tsx';

interface PageProps {
  /** Of the tab too; begins with the state where the page is about one thing. */
  title: string;
  /** What leads to here, from the left; the last is the page itself. */
  crumbs: { label: string; href?: string }[];
  children: ReactNode;
}

/** The bar above, and the page below it. */
export function Page({ title, crumbs, children }: PageProps) {
  useEffect(() => {
    document.title = `${title} – Runledger`;
  }, [title]);
  const path = crumbs.length > 0 ? crumbs : [{ label: title }];
  return (
    <>
      <header className="top">
        <button type="button" className="btn quiet md:hidden" aria-label="Menu" onClick={toggleRail}>
          <MenuIcon className="size-4" aria-hidden="true" />
        </button>
        <nav aria-label="Breadcrumb" className="flex min-w-0 gap-2 overflow-hidden text-muted">
          {path.map(({ label, href }, index) => (
            <Fragment key={index}>
              {index > 0 && (
                <span className="max-sm:hidden" aria-hidden="true">
                  /
                </span>
              )}
              {href ? (
                <Link href={href} className={`max-sm:hidden ${index === 0 ? 'shrink-0' : 'truncate'}`} dir="auto">
                  {label}
                </Link>
              ) : (
                <b
                  className={`${index > 1 ? 'shrink-0' : 'truncate'} font-[560] text-foreground`}
                  aria-current="page"
                  dir="auto"
                >
                  {label}
                </b>
              )}
            </Fragment>
          ))}
        </nav>
        <span className="flex-1" />
        <LiveBadge />
        <button type="button" className="btn" onClick={openPalette} aria-keyshortcuts="Control+K Meta+K">
          <Search className="size-4 text-muted" aria-hidden="true" />
          <span className="max-md:sr-only">Search</span>
          <kbd className="max-md:hidden">{/Mac/.test(navigator.userAgent) ? '⌘K' : 'Ctrl K'}</kbd>
        </button>
        <ZoneSwitch />
        <ThemeSwitch />
      </header>
      <main className="content" id="content" tabIndex={-1}>
        {children}
      </main>
    </>
  );
}
