import { ENGINE_PAYLOAD_BYTES, exactly } from '@runledger/contracts';
import type { Payload, PayloadCodec } from '@temporalio/common';
import { defaultPayloadConverter } from '@temporalio/common';
import { loadDataConverter } from '@temporalio/common/lib/internal-non-workflow/index.js';
import { describe, expect, test } from 'vitest';
import { decodeOutput } from './output.ts';

const converter = loadDataConverter();
const payload = (value: unknown) => defaultPayloadConverter.toPayload(value) as Payload;
/** As another SDK wrote it. */
const raw = (data: string, encoding = 'json/plain'): Payload => ({
  metadata: encoding ? { encoding: Buffer.from(encoding) } : {},
  data: Buffer.from(data),
});
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
    expect(await decode(new Uint8Array([1]))).toEqual({ output: null, outputNote: 'not_json: binary/plain' });
  });

  test('up to 1 MB of JSON is kept, in bytes and not in characters', async () => {
    const fits = 'x'.repeat(ENGINE_PAYLOAD_BYTES - 2);
    expect(await decode(fits)).toEqual({ output: fits, outputNote: null });
    expect(await decode(`${fits}x`)).toEqual({ output: null, outputNote: 'too_large' });
    expect(await decode('é'.repeat(ENGINE_PAYLOAD_BYTES / 2))).toEqual({ output: null, outputNote: 'too_large' });
  });

  test.each([
    ['binary/encrypted', '???', 'undecodable: binary/encrypted'],
    ['binary/protobuf', 'x', 'undecodable: binary/protobuf'],
    ['\u0000x', '1', 'undecodable: \uFFFDx'],
    ['', '1', 'undecodable: no encoding'],
    ['json/plain', '{', 'not_json: json/plain'],
  ])('what cannot be read as %s says so by its encoding', async (encoding, data, outputNote) => {
    expect(await decodeOutput(converter, [raw(data, encoding)])).toEqual({ output: null, outputNote });
  });

  test('an encoding of any length is named within bounds', async () => {
    const { outputNote } = await decodeOutput(converter, [raw('1', 'x'.repeat(10_000))]);
    expect(outputNote?.length).toBeLessThan(200);
  });

  test.each([['json/protobuf'], ['json/avro'], ['json/plain']])('%s is JSON, whoever wrote it', async (encoding) => {
    const written = { ...raw('{"orderId":"7","items":[1]}', encoding) };
    Object.assign(written.metadata as object, { messageType: Buffer.from('shop.v1.Order') });
    expect(await decodeOutput(converter, [written])).toEqual({
      output: { orderId: '7', items: [1] },
      outputNote: null,
    });
  });

  test('a reference to a payload that was put elsewhere is not the payload', async () => {
    const reference = raw('{"driverName":"s3"}', 'json/protobuf');
    Object.assign(reference.metadata as object, {
      messageType: Buffer.from('temporal.api.sdk.v1.ExternalStorageReference'),
    });
    expect(await decodeOutput(converter, [reference])).toEqual({
      output: null,
      outputNote: 'undecodable: json/protobuf',
    });
  });

  test('a byte-order mark before the JSON is passed over', async () => {
    expect(await decodeOutput(converter, [raw('\uFEFF{"a":1}')])).toEqual({ output: { a: 1 }, outputNote: null });
  });

  test("Python's NaN and Infinity are kept as text", async () => {
    expect(await decodeOutput(converter, [raw('{"score":NaN,"most":[-Infinity,"NaN"]}')])).toEqual({
      output: { score: 'NaN', most: ['-Infinity', 'NaN'] },
      outputNote: 'numbers_as_text',
    });
  });

  test.each([['9223372036854775807'], ['123456789012345678901234567890.12'], ['1e400'], ['1e-400']])(
    'the number %s is kept to the last digit, and the note says that a double does not hold it',
    async (number) => {
      const { output, outputNote } = await decodeOutput(converter, [raw(`{"n":${number}}`)]);
      expect(exactly([output])).toBe(`[{"n":${number}}]`);
      expect(outputNote).toBe('numbers_beyond_double');
    },
  );

  test('several payloads are a list', async () => {
    expect(await decodeOutput(converter, [payload(1), payload(null), payload({ a: '\0' })])).toEqual({
      output: [1, null, { a: '\uFFFD' }],
      outputNote: 'characters_replaced, several_payloads',
    });
    expect(await decodeOutput(converter, [payload(1), raw('???', 'binary/encrypted')])).toEqual({
      output: null,
      outputNote: 'undecodable: binary/encrypted',
    });
    const half = payload('x'.repeat(ENGINE_PAYLOAD_BYTES / 2));
    expect(await decodeOutput(converter, [half, half])).toEqual({ output: null, outputNote: 'too_large' });
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
