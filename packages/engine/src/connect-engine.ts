import type { ConnectionOptions } from '@temporalio/client';
import { Connection, defaultGrpcRetryOptions, makeGrpcRetryInterceptor } from '@temporalio/client';

export interface ConnectEngineOptions {
  /** `host:port`. Default `localhost:7233`. */
  address?: string;
  /** `true` for TLS with the system's roots, or certificates. Default: none, unless there is an API key. */
  tls?: ConnectionOptions['tls'];
  apiKey?: ConnectionOptions['apiKey'];
  /**
   * How often a call is tried within its deadline. Default 5: about 1.8 s, longer than the pause between reconnects.
   * 1 for long polls and lists, which must learn at once that Temporal throttles them.
   */
  attempts?: number;
}

/**
 * Makes a connection that opens itself with the first call, so that an API can start while Temporal is away.
 *
 * The reconnect back-off is capped at a second: with grpc's own, a client comes back 11 to 17 s after a server that was
 * away for half a minute (measured: 16.9 s against 0.6 s). Each connection has a socket of its own, so that long
 * polls never queue in front of calls.
 */
export function connectEngine(options: ConnectEngineOptions = {}): Connection {
  const attempts = options.attempts ?? 5;
  return Connection.lazy({
    address: options.address ?? 'localhost:7233',
    tls: options.tls,
    apiKey: options.apiKey,
    channelArgs: {
      'grpc.initial_reconnect_backoff_ms': 200,
      'grpc.max_reconnect_backoff_ms': 1_000,
      'grpc.use_local_subchannel_pool': 1,
    },
    interceptors:
      attempts <= 1
        ? []
        : [
            makeGrpcRetryInterceptor(
              defaultGrpcRetryOptions({ maxAttempts: attempts, initialIntervalMs: () => 100, factor: 1.7 }),
            ),
          ],
  });
}
