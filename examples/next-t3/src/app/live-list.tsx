'use client';

import { LiveLabel, RelativeTime, StatusLabel, useExecutions } from '@runledger/client/react';

/** What the server has prefetched is there at once; then it follows what happens. */
export function LiveList() {
  const { executions, newCount, showNew, live } = useExecutions({ limit: 20 });
  return (
    <section>
      <p>
        <LiveLabel live={live} />{' '}
        {newCount > 0 && (
          <button type="button" onClick={showNew}>
            {newCount} new
          </button>
        )}
      </p>
      <ul>
        {executions.map((execution) => (
          <li key={execution.id}>
            <StatusLabel status={execution.status} />
            {execution.workflow.name}
            <RelativeTime at={execution.startedAt} />
          </li>
        ))}
      </ul>
    </section>
  );
}
