import { dehydrate, HydrationBoundary } from '@tanstack/react-query';
import { LiveList } from '~/app/live-list';
import { NewOrder } from '~/app/new-order';
import { SignIn } from '~/app/sign-in';
import { SignOut } from '~/app/sign-out';
import { accessToken } from '~/server/supabase';
import { api, executions, getQueryClient } from '~/trpc/server';

export default async function Page() {
  if ((await accessToken()) === null) return <SignIn />;
  const queries = getQueryClient();
  const [{ items: workflows }, runs] = await Promise.all([
    api.runledger.workflow.list(),
    api.runledger.execution.getRunCount(),
    queries.prefetchInfiniteQuery(
      executions().listExecutions.infiniteQueryOptions(
        { limit: 20 },
        { getNextPageParam: ({ nextCursor }) => nextCursor },
      ),
    ),
  ]);
  const order = workflows.find(({ workflowType }) => workflowType === 'order');
  return (
    <HydrationBoundary state={dehydrate(queries)}>
      <h1>Orders</h1>
      <p>{runs} have ended, as the server has counted.</p>
      <SignOut />
      <NewOrder workflowId={order?.id} />
      <LiveList />
    </HydrationBoundary>
  );
}
