'use client';

import type { ExecutionViewProps } from '@runledger/client/react';
import { ExecutionView as View } from '@runledger/client/react';
import '@runledger/client/react/styles.css';

/** One execution for its user: how it ended, what it returned, and cancel or run again where that is possible. */
export function ExecutionView({ actions = ['cancel', 'rerun'], ...props }: ExecutionViewProps) {
  return <View actions={actions} {...props} />;
}
