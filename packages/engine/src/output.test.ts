import type { Payload, PayloadCodec } from '@temporalio/common';
import { defaultPayloadConverter } from '@temporalio/common';
import { loadDataConverter } from '@temporalio/common/lib/internal-non-workflow/index.js';
import { describe, expect, test } from 'vitest';
import { decodeOutput, OUTPUT_LIMIT_BYTES } from './output.ts';

const converter = loadDataConverter();
const payload = (value: unknown) => defaultPayloadConverter.toPayload(value) as Payload;
const decode = (value: unknown) => decodeOutput(converter, [payload(value)]);

describe('what a workflow returned', () => {
  test.each([[{ a: [1, 'x', null] }], ['text'], [0], [false], [[]]])('%j is kept as it is', async (value) => {
    expect(await decode(value)).toEqual({ output: value, outputNote: null });
  });

  test.each([[undefined], [null]])('%s is no output', async (value) => {
    expect(await decode(value)).toEqual({ output: null, outputNote: null });
    expect(await decodeOutput(converter, null)).toEqual({ output: null, outputNote: null });
  });

  test('bytes are not JSON', async () => {
    expect(await decode(new Uint8Array([1]))).toEqual({ output: null, outputNote: 'not_json' });
  });

  test('up to 1 MB of JSON is kept, in bytes and not in characters', async () => {
    const fits = 'x'.repeat(OUTPUT_LIMIT_BYTES - 2);
    expect(await decode(fits)).toEqual({ output: fits, outputNote: null });
    expect(await decode(`${fits}x`)).toEqual({ output: null, outputNote: 'too_large' });
    expect(await decode('é'.repeat(OUTPUT_LIMIT_BYTES / 2))).toEqual({ output: null, outputNote: 'too_large' });
  });

  test('what was encrypted with an unknown key is undecodable', async () => {
    const encrypted = { metadata: { encoding: Buffer.from('binary/encrypted') }, data: Buffer.from('???') };
    expect(await decodeOutput(converter, [encrypted])).toEqual({ output: null, outputNote: 'undecodable' });
    const broken = { metadata: { encoding: Buffer.from('json/plain') }, data: Buffer.from('{') };
    expect(await decodeOutput(converter, [broken])).toEqual({ output: null, outputNote: 'undecodable' });
  });

  test('what was encrypted with a known key is decoded', async () => {
    const reverse: PayloadCodec = {
      encode: async (payloads) => payloads,
      decode: async ([first]) => [{ ...first, data: Buffer.from(first?.data ?? []).reverse() }],
    };
    const reversed = { ...payload('abc'), data: Buffer.from('"cba"') };
    const withCodec = loadDataConverter({ payloadCodecs: [reverse] });
    expect(await decodeOutput(withCodec, [reversed])).toEqual({ output: 'abc', outputNote: null });
  });

  test('NUL and half characters are replaced, in keys too, and it says so', async () => {
    expect(await decode({ 'k\u0000': ['a\u0000', '\ud83d'], ok: '😀' })).toEqual({
      output: { 'k\uFFFD': ['a\uFFFD', '\uFFFD'], ok: '😀' },
      outputNote: 'characters_replaced',
    });
  });

  test('a key named __proto__ stays a key', async () => {
    const data = Buffer.from('{"__proto__":{"polluted":true}}');
    const { output } = await decodeOutput(converter, [{ ...payload({}), data }]);
    expect(Object.keys(output as object)).toEqual(['__proto__']);
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });

  test('what is nested too deeply for Postgres is left out', async () => {
    const nested = (depth: number) => ({ ...payload([]), data: Buffer.from('['.repeat(depth) + ']'.repeat(depth)) });
    expect(await decodeOutput(converter, [nested(400)])).toMatchObject({ outputNote: null });
    expect(await decodeOutput(converter, [nested(600)])).toEqual({ output: null, outputNote: 'too_deep' });
    expect((await decodeOutput(converter, [nested(100_000)])).output).toBeNull();
  });
});
