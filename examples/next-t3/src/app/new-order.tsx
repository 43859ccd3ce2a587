'use client';

import { ExecutionStatus, useRunledger } from '@runledger/client/react';
import { useMutation } from '@tanstack/react-query';
import { api } from '~/trpc/react';

export function NewOrder({ workflowId }: { workflowId: string | undefined }) {
  const { trpc } = useRunledger();
  const offers = api.shop.offers.useQuery();
  const start = useMutation(trpc.execution.createExecution.mutationOptions());
  const place = (form: FormData) => {
    if (workflowId) start.mutate({ workflowId, input: { item: String(form.get('item')) } });
  };
  return (
    <>
      <form action={place}>
        <label>
          Item
          <select name="item">
            {offers.data?.items.map((item) => (
              <option key={item}>{item}</option>
            ))}
          </select>
        </label>
        <button type="submit" disabled={!workflowId || !offers.data}>
          Order
        </button>
      </form>
      {start.data && <ExecutionStatus id={start.data.id} />}
      {start.error && <p role="alert">{start.error.message}</p>}
    </>
  );
}
