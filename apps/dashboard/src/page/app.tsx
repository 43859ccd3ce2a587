import { lazy, Suspense, useEffect } from 'react';
import { Redirect, Route, Router, Switch, useLocation, useSearch } from 'wouter';
import { BASE } from './config.ts';
import { NotFound } from './pages/not-found.tsx';
import { useSession } from './session/session.ts';
import { SignIn } from './session/sign-in.tsx';
import { Shell } from './shell/shell.tsx';

const Overview = lazy(() => import('./pages/overview/overview-page.tsx'));
const Executions = lazy(() => import('./pages/executions/executions-page.tsx'));
const Execution = lazy(() => import('./pages/execution/execution-page.tsx'));
const Failures = lazy(() => import('./pages/failures/failures-page.tsx'));
const Failure = lazy(() => import('./pages/failures/failure-page.tsx'));
const Workflows = lazy(() => import('./pages/workflows/workflows-page.tsx'));
const Workflow = lazy(() => import('./pages/workflows/workflow-page.tsx'));
const Start = lazy(() => import('./pages/start/start-page.tsx'));
const System = lazy(() => import('./pages/system/system-page.tsx'));

/** The address without the slash at its end: how wouter writes the folder that a page lives in. */
const base = BASE.replace(/\/$/, '');

export function App() {
  return (
    <Router base={base}>
      <Gate />
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
      <Suspense fallback={null}>
        <Switch>
          <Route path="/" component={Overview} />
          <Route path="/executions" component={Executions} />
          <Route path="/executions/:id">{({ id }) => <Execution key={id} id={id} />}</Route>
          <Route path="/failures" component={Failures} />
          <Route path="/failures/:group">{({ group }) => <Failure key={group} group={group} />}</Route>
          <Route path="/workflows" component={Workflows} />
          <Route path="/workflows/:id">{({ id }) => <Workflow key={id} id={id} />}</Route>
          <Route path="/workflows/:id/start">{({ id }) => <Start key={id} id={id} />}</Route>
          <Route path="/system" component={System} />
          <Route>
            <NotFound />
          </Route>
        </Switch>
      </Suspense>
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
