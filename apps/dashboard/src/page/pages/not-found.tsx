import { Link } from 'wouter';
import { Empty } from '../parts/states.tsx';
import { Page } from '../shell/page.tsx';

/** The same words for what is not there and for what is not theirs to see. */
export function NotFound({ what = 'page' }: { what?: string }) {
  return (
    <Page title={`No such ${what}`} crumbs={[]}>
      <Empty isPage title={`There is no such ${what}, or it is not yours to see`}>
        <p>The address may be mistyped, or what it names was deleted.</p>
        <Link href="/executions" className="btn">
          All executions
        </Link>
      </Empty>
    </Page>
  );
}
