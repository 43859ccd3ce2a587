import { REQUEST_BODY_BYTES } from '@runledger/contracts';
import { createAppRouter } from '@runledger/router';
import { expect, test } from 'vitest';
import { proceduresOf } from '../openapi/procedures.ts';
import { LARGE_PROCEDURES, largestBody, SMALL_BODY_BYTES } from './body-sizes.ts';

test('what takes a payload or a definition may be large, and nothing else', () => {
  const takesMuch = proceduresOf(createAppRouter({ startable: [] })).filter(({ input }) =>
    /"(input|inputSchema)":\{/.test(JSON.stringify(input?.properties ?? {})),
  );
  expect([...LARGE_PROCEDURES].sort()).toEqual(takesMuch.map(({ path }) => path).sort());
});

test('a batch may be as large as one of its calls', () => {
  expect(largestBody('http://localhost/trpc/execution.listExecutions,execution.createExecution')).toBe(
    REQUEST_BODY_BYTES,
  );
  expect(largestBody('http://localhost/trpc/execution.listExecutions')).toBe(SMALL_BODY_BYTES);
  // As tRPC reads it.
  expect(largestBody('http://localhost/trpc/execution.listExecutions%2Cexecution.createExecution')).toBe(
    REQUEST_BODY_BYTES,
  );
  expect(largestBody('http://localhost/trpc/%')).toBe(SMALL_BODY_BYTES);
});
