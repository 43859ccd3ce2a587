import type { ConnectionOptions, GrpcRetryOptions } from '@temporalio/client';
import { Connection, defaultGrpcRetryOptions, makeGrpcRetryInterceptor } from '@temporalio/client';
import { closingGuard } from './closing-guard.ts';
import { isTooLarge } from './grpc-error.ts';

export interface ConnectEngineOptions {
  /** `host:port`. Default `localhost:7233`. */
  address?: string;
  /** `true` for TLS with the system's roots, or certificates. Default: none, unless there is an API key. */
  tls?: ConnectionOptions['tls'];
  /** A function is asked with every call, so that a key may change. */
  apiKey?: ConnectionOptions['apiKey'];
  /** Headers of every call. */
  metadata?: ConnectionOptions['metadata'];
  /**
   * How often a call is tried within its deadline. Default 5: about 1.8 s, longer than the pause between reconnects.
   * 1 for long polls and lists, which must learn at once that Temporal throttles them.
   */
  attempts?: number;
  /**
   * Largest answer that is taken, in bytes. Default 16 MiB: one transaction of a history has up to 4 MiB and comes in one
   * piece, which grpc's own default of 4 MiB refuses. Larger pages are asked for in smaller ones.
   */
  maxMessageBytes?: number;
}

const MAX_MESSAGE_BYTES = 16 * 1024 * 1024;

/**
 * Makes a connection that opens itself with the first call, so that an API can start while Temporal is away.
 *
 * The reconnect back-off is capped at a second: with grpc's own, a client comes back 11 to 17 s after a server that was
 * away for half a minute (measured: 16.9 s against 0.6 s). Each connection has a socket of its own, so that long
 * polls never queue in front of calls.
 *
 * Closing it ends what is under way or waits to be retried with `engine_unavailable`.
 */
export function connectEngine(options: ConnectEngineOptions = {}): Connection {
  const attempts = options.attempts ?? 5;
  return Connection.lazy({
    address: options.address ?? 'localhost:7233',
    tls: options.tls,
    apiKey: options.apiKey,
    metadata: options.metadata,
    channelArgs: {
      'grpc.initial_reconnect_backoff_ms': 200,
      'grpc.max_reconnect_backoff_ms': 1_000,
      'grpc.use_local_subchannel_pool': 1,
      'grpc.max_receive_message_length': options.maxMessageBytes ?? MAX_MESSAGE_BYTES,
    },
    interceptors: attempts <= 1 ? [closingGuard] : [makeGrpcRetryInterceptor(retries(attempts)), closingGuard],
  });
}

function retries(maxAttempts: number): GrpcRetryOptions {
  const usual = defaultGrpcRetryOptions({ maxAttempts, initialIntervalMs: () => 100, factor: 1.7 });
  return {
    ...usual,
    // The same answer would be too large again.
    retryableDecider: (attempt, status) => !isTooLarge(status) && usual.retryableDecider(attempt, status),
  };
}
