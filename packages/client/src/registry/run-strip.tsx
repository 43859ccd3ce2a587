'use client';

import type { RunStripProps } from '@runledger/client/react';
import { RunStrip as Strip } from '@runledger/client/react';
import '@runledger/client/react/styles.css';

/** How the signed-in user's latest executions of a workflow ended. */
export function RunStrip(props: RunStripProps) {
  return <Strip {...props} />;
}
