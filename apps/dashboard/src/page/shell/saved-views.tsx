import { useRunledger } from '@runledger/client/react';
import { useQuery } from '@tanstack/react-query';
import { Bookmark } from 'lucide-react';
import { Link, useLocation, useSearchParams } from 'wouter';
import { hrefOfView } from '../pages/executions/saved-view.ts';

/** Lists that the reader has kept under a name. */
export function SavedViews() {
  const { trpc } = useRunledger();
  const [path] = useLocation();
  const [search] = useSearchParams();
  const { data: views = [] } = useQuery(trpc.execution.listViews.queryOptions());
  if (views.length === 0) return null;
  return (
    <>
      <h2 className="px-2 pt-4 pb-1 text-xs font-[560] text-faint">Saved views</h2>
      {views.map((view) => (
        <Link
          key={view.id}
          href={hrefOfView(view)}
          className="rail-link"
          aria-current={path === '/executions' && search.get('view') === view.id ? 'page' : undefined}
        >
          <Bookmark className="size-4" aria-hidden="true" />
          <span className="truncate">{view.name}</span>
        </Link>
      ))}
    </>
  );
}
