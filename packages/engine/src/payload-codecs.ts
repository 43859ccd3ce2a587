import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import type { PayloadCodec } from '@temporalio/common';
import type { RemoteCodecOptions } from './remote-codec.ts';
import { CodecUnavailable, createRemoteCodec } from './remote-codec.ts';

/** A module of the team's own by its path, or a codec server of Temporal's protocol. */
export type CodecSource = { module: string } | RemoteCodecOptions;

type Exported = PayloadCodec | PayloadCodec[] | ((namespace: string) => PayloadCodec | PayloadCodec[]);

/**
 * The codecs that a namespace's payloads go through. A module exports a `PayloadCodec` as `default`, a list of them, or a function of
 * the namespace that returns either; it may be TypeScript. Without a source there are none.
 * @throws Error that names the module when it cannot be loaded or exports no codec
 */
export function createPayloadCodecs(source: CodecSource | undefined, namespace: string): PayloadCodec[] {
  if (source === undefined) return [];
  if ('endpoint' in source) return [createRemoteCodec(source, namespace)];
  const path = resolve(source.module);
  const exported = load(path);
  const codecs = [typeof exported === 'function' ? exported(namespace) : exported].flat();
  const isCodec = (codec: PayloadCodec | undefined) => codec && [codec.encode, codec.decode].every(isFunction);
  if (codecs.length === 0 || !codecs.every(isCodec))
    throw new Error(`The codec module ${path} must export as default a codec (encode and decode), or a list of them.`);
  return codecs.map(named);
}

const isFunction = (value: unknown) => typeof value === 'function';

function load(path: string): Exported {
  try {
    return (createRequire(import.meta.url)(path) as { default: Exported }).default;
  } catch (cause) {
    throw new Error(`The codec module ${path} cannot be loaded: ${(cause as Error).message}`, { cause });
  }
}

/** A key service that does not answer is an outage, which is waited for, and not a mistake in the input. */
function named(codec: PayloadCodec): PayloadCodec {
  return {
    async encode(payloads) {
      try {
        return await codec.encode(payloads);
      } catch (cause) {
        throw new CodecUnavailable('the module failed', { cause });
      }
    },
    decode: (payloads) => codec.decode(payloads),
  };
}
