import type { ConnectionOptions } from '@temporalio/client';
import { GRPC } from './grpc-error.ts';

type Interceptor = NonNullable<ConnectionOptions['interceptors']>[number];
type Call = ReturnType<Interceptor>;

/**
 * Ends calls on a connection that was closed with status CANCELLED. Without it grpc throws instead, and where the SDK's
 * retry timer makes the call nobody catches that: the process dies. Belongs after the interceptor that retries.
 */
export const closingGuard: Interceptor = (options, nextCall) => {
  try {
    return nextCall(options) as Call;
  } catch (error) {
    return closedCall(error instanceof Error ? error.message : String(error));
  }
};

function closedCall(details: string): Call {
  const call: Pick<
    Call,
    'start' | 'sendMessage' | 'sendMessageWithContext' | 'startRead' | 'halfClose' | 'cancelWithStatus' | 'getPeer'
  > = {
    start(metadata, listener) {
      queueMicrotask(() => {
        listener?.onReceiveMessage?.(null);
        listener?.onReceiveStatus?.({ code: GRPC.cancelled, details, metadata });
      });
    },
    sendMessage() {},
    sendMessageWithContext() {},
    startRead() {},
    halfClose() {},
    cancelWithStatus() {},
    getPeer: () => 'closed',
  };
  return call as Call;
}
