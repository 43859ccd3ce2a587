import type { ReactNode } from 'react';
import { Component, Suspense, useEffect } from 'react';
import { Empty } from './states.tsx';

interface GuardProps {
  children: ReactNode;
  /** In place of what failed. Default: what lies around is all that is left of the page. */
  fallback?: ReactNode;
}

/**
 * What has scripts of its own may lack them: the connection is away, or another version has been deployed since the page was opened.
 * Then, and where drawing fails, that part says so and the rest stays; without it React takes all of the page away. A class, because
 * React knows it no other way.
 */
export class Guard extends Component<GuardProps, { isBroken: boolean }> {
  override state = { isBroken: false };

  static getDerivedStateFromError() {
    return { isBroken: true };
  }

  override render() {
    const { children, fallback = <Broken /> } = this.props;
    return this.state.isBroken ? fallback : <Suspense fallback={null}>{children}</Suspense>;
  }
}

/** Scripts that did not come once are asked for again by a page that is opened anew: by itself, where all that there was is gone and the connection is back. */
export function Broken({ isPage = false }: { isPage?: boolean }) {
  useEffect(() => {
    if (!isPage) return;
    const again = () => location.reload();
    addEventListener('online', again);
    return () => removeEventListener('online', again);
  }, [isPage]);
  return (
    <div role="alert">
      <Empty title="This part of the page did not come" isPage={isPage}>
        <p>The connection is away, or the page is older than the API. Nothing is lost; what runs goes on.</p>
        <button type="button" className="btn solid" data-autofocus onClick={() => location.reload()}>
          Open the page anew
        </button>
      </Empty>
    </div>
  );
}
