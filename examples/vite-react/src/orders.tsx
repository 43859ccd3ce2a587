import { ExecutionStatus, ExecutionTable, LiveLabel, useLiveConnection, useRunledger } from '@runledger/client/react';
import { useMutation, useQuery } from '@tanstack/react-query';
import { supabase } from './supabase.ts';

export function Orders({ email }: { email: string }) {
  const { trpc } = useRunledger();
  const live = useLiveConnection();
  const { data: workflows } = useQuery(trpc.workflow.list.queryOptions());
  const start = useMutation(trpc.execution.createExecution.mutationOptions());
  const order = workflows?.items.find(({ workflowType }) => workflowType === 'order');
  const place = (form: FormData) => {
    if (order) start.mutate({ workflowId: order.id, input: { item: String(form.get('item')) } });
  };
  return (
    <>
      <h1>Orders of {email}</h1>
      <button type="button" onClick={() => supabase.auth.signOut()}>
        Sign out
      </button>
      <form action={place}>
        <label>
          Item
          <input name="item" defaultValue="tea" required />
        </label>
        <button type="submit" disabled={!order}>
          Order
        </button>
      </form>
      {start.data && <ExecutionStatus id={start.data.id} />}
      {start.error && <p role="alert">{start.error.message}</p>}
      <section>
        <ExecutionTable caption="Orders" columns={['status', 'started', 'took']} />
      </section>
      <p>
        <LiveLabel live={live} />
      </p>
    </>
  );
}
