'use client';

import type { ExecutionStatusProps } from '@runledger/client/react';
import { ExecutionStatus as Status } from '@runledger/client/react';
import '@runledger/client/react/styles.css';

/** How one execution stands, as it changes: a bar of progress, unless `variant` says otherwise. */
export function ExecutionStatus({ variant = 'progress', ...props }: ExecutionStatusProps) {
  return <Status variant={variant} {...props} />;
}
