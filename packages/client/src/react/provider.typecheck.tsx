// What React developers write: the type checker reads it, so that it keeps compiling, and a test renders it.
import { errorFields, executionErrorCode } from '../index.ts';
import { api, createRunledgerReact, RunledgerProvider } from './index.ts';

const runledger = createRunledgerReact({ url: 'https://api.example.com/trpc', getToken: () => null });

export function App() {
  return (
    <RunledgerProvider runledger={runledger}>
      <Statistics workflowId="01939c5e-0000-7000-8000-000000000001" />
    </RunledgerProvider>
  );
}

function Statistics({ workflowId }: { workflowId: string }) {
  const statistics = api.execution.getWorkflowStatistics.useQuery({ workflowId });
  const list = api.execution.listExecutions.useInfiniteQuery(
    { workflowId, status: ['failed', 'timed_out'], limit: 20 },
    { getNextPageParam: (page) => page.nextCursor },
  );
  const start = api.execution.createExecution.useMutation();
  if (statistics.error) return <p>{executionErrorCode(statistics.error)}</p>;

  const rate: number | null | undefined = statistics.data?.successRate;
  const of: 'everyone' | 'caller' | undefined = statistics.data?.of;
  return (
    <section>
      <h2>{`${of}: ${rate ?? 'nothing has ended yet'}`}</h2>
      <ul>
        {list.data?.pages.flatMap((page) =>
          page.items.map((execution) => (
            <li key={execution.id}>
              {/* The union knows: what failed says why. */}
              {execution.status === 'failed' ? execution.errorMessage.toUpperCase() : execution.startedAt}
            </li>
          )),
        )}
      </ul>
      <button
        type="button"
        onClick={() => start.mutate({ workflowId, input: { amount: 3 }, idempotencyKey: 'order-1' })}
      >
        {errorFields(start.error)?.['input.amount']?.[0] ?? start.data?.workflow.name}
      </button>
    </section>
  );
}
