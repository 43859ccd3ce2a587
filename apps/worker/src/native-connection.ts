import type { TemporalNamespace } from '@runledger/host/temporal/temporal-namespace';
import { NativeConnection } from '@temporalio/worker';
import pRetry from 'p-retry';
import type { Logger } from 'pino';

/** How soon a worker uses a key that has changed, in milliseconds. */
const KEY_EVERY_MS = 2_000;

/** Tries until Temporal answers. @throws the shutdown's reason when it comes first */
export async function connectNative(
  { address, tls, metadata, apiKey }: TemporalNamespace,
  { logger, shutdown }: { logger: Logger; shutdown: AbortSignal },
): Promise<NativeConnection> {
  let key = apiKey?.();
  const connect = () => {
    key = apiKey?.();
    return NativeConnection.connect({ address, tls, metadata, apiKey: key });
  };
  const connection = await pRetry(connect, {
    retries: Number.POSITIVE_INFINITY,
    minTimeout: 500,
    maxTimeout: 5_000,
    signal: shutdown,
    onFailedAttempt: ({ error }) => logger.warn({ err: error, address }, 'waiting for Temporal'),
  });
  if (apiKey === undefined) return connection;
  // A client asks for the key with every call; the worker's core has to be told.
  const renewal = setInterval(() => {
    const latest = apiKey();
    if (latest === key) return;
    key = latest;
    void connection.setApiKey(latest).then(
      () => logger.info({ address }, 'the API key has changed'),
      (error: unknown) => logger.warn({ err: error, address }, 'the new API key could not be set'),
    );
  }, KEY_EVERY_MS);
  renewal.unref();
  const close = connection.close.bind(connection);
  connection.close = () => {
    clearInterval(renewal);
    return close();
  };
  return connection;
}
