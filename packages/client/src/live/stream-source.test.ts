import { expect, test } from 'vitest';
import type { RunledgerClient } from '../client.ts';
import { createStreamSource } from './stream-source.ts';

test('events that another copy of tRPC has sent as they are fail with what to do, and are not taken for silence', async () => {
  let isOpen = true;
  const told: unknown[] = [];
  const client = {
    execution: {
      watchExecutions: {
        subscribe: (_: unknown, { onData }: { onData(event: unknown): void }) => {
          queueMicrotask(() => onData(['847-mx1p7w9g', { kind: 'changes', changes: [] }, null]));
          return { unsubscribe: () => (isOpen = false) };
        },
      },
    },
  } as unknown as RunledgerClient;
  createStreamSource(client).open(null, {
    event: (...event) => told.push(event),
    state: (state) => told.push(state),
    failed: (error) => told.push((error as Error).message),
  });
  await Promise.resolve();
  expect(told).toEqual([expect.stringContaining('serverExternalPackages: ["runledger", "@trpc/server"]')]);
  expect(isOpen).toBe(false);
});
