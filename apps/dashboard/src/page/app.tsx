import { useEffect } from 'react';
import { Redirect, Route, Router, Switch, useLocation, useSearch } from 'wouter';
import { BASE } from './config.ts';
import { pages } from './load-pages.ts';
import { NotFound } from './pages/not-found.tsx';
import { Guard } from './parts/guard.tsx';
import { useSession } from './session/session.ts';
import { SignIn } from './session/sign-in.tsx';
import { Shell } from './shell/shell.tsx';

/** The address without the slash at its end: how wouter writes the folder that a page lives in. */
const base = BASE.replace(/\/$/, '');

export function App() {
  return (
    <Router base={base}>
      <Guard>
        <Gate />
      </Guard>
    </Router>
  );
}

/** Whoever is not signed in signs in first, and then is where they wanted to be. */
function Gate() {
  const session = useSession();
  const [path] = useLocation();
  const search = useSearch();
  if (session === null) {
    if (path === '/sign-in') return <SignIn />;
    const wanted = search ? `${path}?${search}` : path;
    return <Redirect to={wanted === '/' ? '/sign-in' : `/sign-in?next=${encodeURIComponent(wanted)}`} replace />;
  }
  if (path === '/sign-in') return <Entered to={ownPath(new URLSearchParams(search).get('next'))} />;
  return (
    <Shell>
      <Switch>
        {pages.map(({ path, Page }) => (
          <Route key={path} path={path}>
            {/* Of another execution it is another page, which keeps nothing of this one. */}
            {(params: Record<string, string>) => <Page key={Object.values(params).join('/')} {...params} />}
          </Route>
        ))}
        <Route>
          <NotFound />
        </Route>
      </Switch>
    </Shell>
  );
}

/** Whoever has just signed in begins with a page that has read nothing as anybody else. */
function Entered({ to }: { to: string }) {
  useEffect(() => location.replace(base + to), [to]);
  return null;
}

/** An address of this page only: a link that signs in must not lead elsewhere. */
function ownPath(next: string | null): string {
  return next?.startsWith('/') && !next.startsWith('//') && !next.includes('\\') ? next : '/';
}
