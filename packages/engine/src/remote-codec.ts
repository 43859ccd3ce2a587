import { ExecutionError } from '@runledger/contracts';
import type { Payload, PayloadCodec } from '@temporalio/common';
import { z } from 'zod';

/** Where a codec server is, and what may be spent on it. */
export interface RemoteCodecOptions {
  /** Address to which `/encode` and `/decode` are added; `{namespace}` in it is the namespace. */
  endpoint: string;
  /** Sent as the `authorization` header. */
  authorization?: string;
  /** For one call, in milliseconds. Default 5,000. */
  timeoutMs?: number;
  /** Largest answer read, in bytes. Default 16 MB. */
  maxBytes?: number;
}

/** A codec did not do its work: in a few words why, without anything that it said. */
export class CodecUnavailable extends Error {
  override readonly name = 'CodecUnavailable';
}

/** An outage like one of Temporal itself: without the codec, nothing may be sent. */
export const codecAway = (cause: CodecUnavailable) =>
  new ExecutionError(
    'engine_unavailable',
    `The payload codec did not encode (${cause.message}), so nothing was sent.`,
    {
      cause,
    },
  );

const bytes = z.base64().transform((text) => new Uint8Array(Buffer.from(text, 'base64')));
/** Payloads as JSON of protobuf writes them: every value of bytes in base64, what is empty left out. */
const Payloads = z.object({
  payloads: z.array(z.object({ metadata: z.record(z.string(), bytes).default({}), data: bytes.optional() })),
});

/**
 * Encodes and decodes by a codec server, as Temporal's own page and command line do (POST `/encode`, `/decode`). Its faults are
 * `CodecUnavailable`: one call, within a time and a size, no redirect, no retry.
 */
export function createRemoteCodec(options: RemoteCodecOptions, namespace: string): PayloadCodec {
  const { endpoint, authorization, timeoutMs = 5_000, maxBytes = 16_000_000 } = options;
  const base = endpoint.replaceAll('{namespace}', encodeURIComponent(namespace)).replace(/\/+$/, '');
  const headers = {
    'content-type': 'application/json',
    'x-namespace': namespace,
    ...(authorization === undefined ? {} : { authorization }),
  };

  async function ask(path: 'encode' | 'decode', body: string): Promise<string> {
    const signal = AbortSignal.timeout(timeoutMs);
    try {
      const response = await fetch(`${base}/${path}`, { method: 'POST', headers, body, signal, redirect: 'error' });
      if (!response.ok) {
        await response.body?.cancel();
        throw new CodecUnavailable(`it answered ${response.status}`);
      }
      return await readText(response, maxBytes);
    } catch (error) {
      if (error instanceof CodecUnavailable) throw error;
      const why = signal.aborted ? `no answer within ${timeoutMs} ms` : 'it cannot be reached';
      throw new CodecUnavailable(why, { cause: error });
    }
  }

  async function converted(path: 'encode' | 'decode', payloads: Payload[]): Promise<Payload[]> {
    const answer = parsed(await ask(path, JSON.stringify({ payloads: payloads.map(toJson) })));
    if (answer.length !== payloads.length) throw new CodecUnavailable('it answered other payloads');
    return answer;
  }

  return { encode: (payloads) => converted('encode', payloads), decode: (payloads) => converted('decode', payloads) };
}

const toJson = ({ metadata, data }: Payload) => ({
  metadata: Object.fromEntries(Object.entries(metadata ?? {}).map(([key, value]) => [key, base64(value)])),
  data: base64(data ?? new Uint8Array()),
});

const base64 = (value: Uint8Array) => Buffer.from(value).toString('base64');

function parsed(text: string): Payload[] {
  try {
    return Payloads.parse(JSON.parse(text)).payloads;
  } catch (error) {
    throw new CodecUnavailable('its answer is not one of a codec server', { cause: error });
  }
}

/** Stops reading where there is more than may be. */
async function readText({ body }: Response, maxBytes: number): Promise<string> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of body ?? []) {
    size += part.byteLength;
    if (size > maxBytes) throw new CodecUnavailable(`its answer is larger than ${maxBytes} bytes`);
    parts.push(part);
  }
  return Buffer.concat(parts).toString();
}
