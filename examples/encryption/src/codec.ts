import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Payload, PayloadCodec } from '@temporalio/common';
import proto from '@temporalio/proto';

const ENCODING = 'binary/encrypted';
const { Payload: Whole } = proto.temporal.api.common.v1;
const text = (bytes: Uint8Array | null | undefined) => Buffer.from(bytes ?? []).toString();

/** 32 bytes in base64, in a file that is named after the namespace. */
export default function codecOf(namespace: string): PayloadCodec {
  const key = Buffer.from(readFileSync(`${process.env.CODEC_KEYS}/${namespace}.key`, 'utf8'), 'base64');

  function encrypt(payload: Payload): Payload {
    const nonce = randomBytes(12);
    const cipher = createCipheriv('aes-256-gcm', key, nonce);
    const sealed = Buffer.concat([cipher.update(Whole.encode(payload).finish()), cipher.final()]);
    return {
      metadata: { encoding: Buffer.from(ENCODING) },
      data: Buffer.concat([nonce, cipher.getAuthTag(), sealed]),
    };
  }

  function decrypt(payload: Payload): Payload {
    if (text(payload.metadata?.encoding) !== ENCODING) return payload;
    const data = Buffer.from(payload.data ?? []);
    const decipher = createDecipheriv('aes-256-gcm', key, data.subarray(0, 12));
    decipher.setAuthTag(data.subarray(12, 28));
    return Whole.decode(Buffer.concat([decipher.update(data.subarray(28)), decipher.final()]));
  }

  return {
    encode: async (payloads) => payloads.map(encrypt),
    decode: async (payloads) => payloads.map(decrypt),
  };
}
