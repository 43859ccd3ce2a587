import { ExecutionError } from '@runledger/contracts';
import { describe, expect, test } from 'vitest';
import {
  GRPC,
  grpcCode,
  isMessageTooLarge,
  isRefusedForGood,
  isUnknownNamespace,
  isUnknownWorkflow,
  toExecutionError,
} from './grpc-error.ts';

const grpcError = (code: number, details = 'details') =>
  Object.assign(new Error(`${code} X: ${details}`), { code, details, metadata: {} });

describe('a gRPC error becomes one of ours', () => {
  test.each([
    [GRPC.unavailable, 'engine_unavailable'],
    [GRPC.deadlineExceeded, 'engine_unavailable'],
    [GRPC.resourceExhausted, 'engine_throttled'],
    [GRPC.invalidArgument, 'engine_refused'],
    [GRPC.permissionDenied, 'engine_refused'],
    [GRPC.unauthenticated, 'engine_refused'],
  ])('status %i is %s, with what the server said', (status, code) => {
    const error = toExecutionError(grpcError(status, 'the server says'), 'start workflow x');
    expect(error).toMatchObject({ name: 'ExecutionError', code });
    expect(error.message).toMatch(/^Could not start workflow x: the server says\./);
    expect(error.cause).toBeInstanceOf(Error);
  });

  test('what is not of gRPC is a fault of ours, and keeps its cause', () => {
    const cause = new TypeError('undefined is not a function');
    expect(toExecutionError(cause, 'x')).toMatchObject({ code: 'internal', cause });
    expect(grpcCode(cause)).toBeNull();
    const ours = new ExecutionError('conflict', 'as it was');
    expect(toExecutionError(ours, 'x')).toBe(ours);
  });
});

test.each([
  'grpc: received message larger than max (5 vs. 4)',
  'Received message larger than max (5 vs 4)',
  'Received message that decompresses to a size larger than 4',
  'Attempted to send message with a size larger than 4',
])('a message that is too large ("%s") is refused, for it is no matter of waiting', (said) => {
  const error = grpcError(GRPC.resourceExhausted, said);
  expect(isMessageTooLarge(error)).toBe(true);
  expect(toExecutionError(error, 'start workflow x')).toMatchObject({ code: 'engine_refused' });
});

test.each(['namespace rate limit exceeded', 'namespace concurrent poller limit exceeded', ''])(
  'a spent budget ("%s") is not a message that is too large',
  (said) => {
    const error = grpcError(GRPC.resourceExhausted, said);
    expect(isMessageTooLarge(error)).toBe(false);
    expect(toExecutionError(error, 'list')).toMatchObject({ code: 'engine_throttled' });
  },
);

test('a start is refused for good only where repeating it cannot help', () => {
  expect(isRefusedForGood(grpcError(GRPC.invalidArgument))).toBe(true);
  expect(isRefusedForGood(grpcError(GRPC.notFound, 'Namespace nowhere is not found.'))).toBe(true);
  const large = 'grpc: received message larger than max (5 vs. 4)';
  expect(isRefusedForGood(grpcError(GRPC.resourceExhausted, large))).toBe(true);
  for (const code of [GRPC.resourceExhausted, GRPC.unavailable, GRPC.permissionDenied, GRPC.unauthenticated]) {
    expect(isRefusedForGood(grpcError(code))).toBe(false);
  }
});

test('an unknown namespace says nothing about a workflow', () => {
  const namespace = grpcError(GRPC.notFound, 'Namespace nowhere is not found.');
  const workflow = grpcError(GRPC.notFound, 'workflow not found for ID: namespace');
  expect([isUnknownNamespace(namespace), isUnknownWorkflow(namespace)]).toEqual([true, false]);
  expect([isUnknownNamespace(workflow), isUnknownWorkflow(workflow)]).toEqual([false, true]);
});
