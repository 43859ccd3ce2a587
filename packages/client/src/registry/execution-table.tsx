'use client';

import type { ExecutionFacts, ExecutionTableProps } from '@runledger/client/react';
import { ExecutionTable as Table } from '@runledger/client/react';
import '@runledger/client/react/styles.css';

/** What customers read in place of an error; `null` says nothing. */
function why({ status }: ExecutionFacts) {
  return status === 'failed' || status === 'timed_out' ? 'It did not work. We are looking into it.' : null;
}

/** The signed-in user's executions, as they change. */
export function ExecutionTable({ words, ...props }: ExecutionTableProps) {
  return <Table words={{ why, ...words }} {...props} />;
}
