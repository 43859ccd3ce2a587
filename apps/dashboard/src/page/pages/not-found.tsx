import { Link } from 'wouter';
import { Empty } from '../parts/states.tsx';
import { Page } from '../shell/page.tsx';

/** Where others of its sort are. */
const PLACES = {
  page: { href: '/', label: 'Overview' },
  execution: { href: '/executions', label: 'All executions' },
  workflow: { href: '/workflows', label: 'All workflows' },
  'kind of failure': { href: '/failures', label: 'All failures' },
};

/** The same words for what is not there and for what is not theirs to see. */
export function NotFound({ what = 'page' }: { what?: keyof typeof PLACES }) {
  const { href, label } = PLACES[what];
  return (
    <Page title={`No such ${what}`} crumbs={[]}>
      <Empty isPage title={`There is no such ${what}, or it is not yours to see`}>
        <p>The address may be mistyped, or what it names was deleted.</p>
        <Link href={href} className="btn">
          {label}
        </Link>
      </Empty>
    </Page>
  );
}
