import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { Handler } from 'hono';
import { accepts } from 'hono/accepts';

const compressed = promisify(gzip);

/** Answers a document that never changes: made, written and compressed once, however often it is asked for. */
export function serveJson(make: () => object): Handler {
  let whole: Promise<{ text: string; packed: Uint8Array<ArrayBuffer> }> | null = null;
  const prepare = async () => {
    const text = JSON.stringify(make());
    return { text, packed: new Uint8Array(await compressed(text)) };
  };
  return async (c) => {
    whole ??= prepare();
    const { text, packed } = await whole;
    const encoding = accepts(c, { header: 'Accept-Encoding', supports: ['gzip', 'identity'], default: 'identity' });
    const headers = { 'content-type': 'application/json', vary: 'accept-encoding' };
    return encoding === 'gzip'
      ? c.body(packed, 200, { ...headers, 'content-encoding': 'gzip', 'content-length': String(packed.byteLength) })
      : c.body(text, 200, headers);
  };
}
