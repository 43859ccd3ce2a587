import type { ReactNode } from 'react';
import type { ListInput } from '../../live/catch-up.ts';
import { LiveLabel } from '../parts/live-label.tsx';
import { LoadingLines, Notice } from '../parts/states.tsx';
import { useAnnouncement } from '../parts/use-announcement.ts';
import { useIsAway } from '../parts/use-is-away.ts';
import type { ExecutionsPage } from '../use-executions.ts';
import { useExecutions } from '../use-executions.ts';
import { useWords, WordsProvider } from '../words/use-words.tsx';
import type { Words } from '../words/words.ts';
import type { ExecutionRowsProps } from './execution-rows.tsx';
import { ExecutionRows } from './execution-rows.tsx';

export interface ExecutionTableProps
  extends Pick<ExecutionRowsProps, 'columns' | 'audience' | 'caption' | 'href' | 'onOpen'> {
  /** Which executions, and in which order; as `listExecutions` takes them. Default: all of the caller's, newest first. */
  filter?: Omit<ListInput, 'limit'>;
  /** Rows of a page. Default: 25. */
  pageSize?: number;
  /** Whether rows change as the executions do. Default: true. */
  live?: boolean;
  words?: Partial<Words>;
  /** In place of what is shown where there are none. */
  empty?: ReactNode;
  /** In place of what is shown where they could not be read. */
  error?: (error: unknown, retry: () => void) => ReactNode;
  /** In place of the grey lines. */
  loading?: ReactNode;
  /** The first page, where a server has read it for this page. */
  initial?: ExecutionsPage;
}

/**
 * The caller's executions. Rows change in place; new ones wait behind a button, and one that the filter does not fit any more, or
 * that was deleted, stays, dimmed: nothing moves under a reader.
 */
export function ExecutionTable({ words, ...props }: ExecutionTableProps) {
  return (
    <WordsProvider words={words}>
      <div className="rl rl-panel">
        <Rows {...props} />
      </div>
    </WordsProvider>
  );
}

/** Lines while it loads: as many as are seen without scrolling, at most. */
const MOST_LINES = 5;

function Rows({
  filter = {},
  pageSize = 25,
  live = true,
  initial,
  empty,
  error,
  loading,
  ...rows
}: ExecutionTableProps) {
  const words = useWords();
  const list = useExecutions({ ...filter, limit: pageSize }, { live, initial });
  const { executions, noLongerFits, deleted, newCount, mayBeNew, showNew } = list;
  const announcement = useAnnouncement(executions, live);
  const retry = () => void list.refetch();
  const isWaiting = list.isPlaceholderData;
  if (list.isPending || (isWaiting && executions.length === 0))
    return loading ?? <LoadingLines lines={Math.min(pageSize, MOST_LINES)} />;
  if (list.isError && executions.length === 0) return error ? error(list.error, retry) : <CouldNotLoad retry={retry} />;
  return (
    <>
      <p className="rl-hidden" aria-live="polite">
        {announcement}
      </p>
      {(newCount > 0 || mayBeNew) && (
        <div className="rl-new">
          <button type="button" onClick={showNew}>
            {words.showNew(newCount, mayBeNew)}
          </button>
        </div>
      )}
      {executions.length === 0 ? (
        (empty ?? <NoRows isFiltered={Object.keys(filter).length > 0} />)
      ) : (
        <ExecutionRows {...rows} {...{ executions, noLongerFits, deleted }} isBusy={isWaiting} />
      )}
      <Foot list={list} isLive={live} />
    </>
  );
}

/** More of the list, and how current it is where it is not. Apart from the rows, which are not drawn anew as time goes by. */
function Foot({ list, isLive }: { list: ReturnType<typeof useExecutions>; isLive: boolean }) {
  const words = useWords();
  const isAway = useIsAway(list.live) && isLive;
  const hasMore = list.hasNextPage && !list.isPlaceholderData;
  if (!hasMore && !isAway) return null;
  return (
    <div className="rl-foot">
      {hasMore && (
        <button
          type="button"
          className="rl-button"
          disabled={list.isFetchingNextPage}
          onClick={() => void list.fetchNextPage()}
        >
          {list.isFetchingNextPage ? words.loading : words.showMore}
        </button>
      )}
      {isAway && <LiveLabel live={list.live} />}
    </div>
  );
}

function NoRows({ isFiltered }: { isFiltered: boolean }) {
  const words = useWords();
  return (
    <Notice title={isFiltered ? words.emptyFilteredTitle : words.emptyTitle}>
      <p>{isFiltered ? words.emptyFilteredText : words.emptyText}</p>
    </Notice>
  );
}

function CouldNotLoad({ retry }: { retry(): void }) {
  const words = useWords();
  return (
    <Notice title={words.errorTitle} isError>
      <p>{words.errorText}</p>
      <button type="button" className="rl-button" onClick={retry}>
        {words.tryAgain}
      </button>
    </Notice>
  );
}
