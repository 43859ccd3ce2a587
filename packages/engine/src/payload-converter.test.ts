import { defaultPayloadConverter } from '@temporalio/common';
import { expect, test, vi } from 'vitest';
import { loadConverter } from './payload-converter.ts';

const { payloadConverter } = loadConverter(undefined);
const inBytes = (payload: { data?: Uint8Array | null }) => ({ ...payload, data: payload.data && [...payload.data] });

test.each([
  ['text of every width', 'a ß € 😀 \u0000 "quoted" \\ \n'],
  ['half of a surrogate pair', '\ud83d'],
  ['numbers', [0, -0, 1.5e300, Number.NaN]],
  ['an object', { a: { b: [null, true, { c: undefined }] }, at: new Date(0) }],
  ['nothing', null],
  ['no value', undefined],
  ['bytes', new Uint8Array([1, 2, 3])],
])('%s becomes the payload that the SDK makes of it, and is read back', (_, value) => {
  const expected = defaultPayloadConverter.toPayload(value);
  const payload = payloadConverter.toPayload(value);
  expect(inBytes(payload)).toEqual(inBytes(expected));
  expect(payloadConverter.fromPayload(payload)).toEqual(defaultPayloadConverter.fromPayload(expected));
});

test.each([
  ['a BigInt', 1n],
  ['a function', () => 1],
])('%s is refused', (_, value) => {
  expect(() => payloadConverter.toPayload(value)).toThrow('Unable to convert');
});

test('an object that holds itself is refused', () => {
  const self: { self?: object } = {};
  self.self = self;
  expect(() => payloadConverter.toPayload(self)).toThrow('Unable to convert');
});

test('the converter of a host is left to it', () => {
  const dataConverter = { payloadCodecs: [{ encode: vi.fn(), decode: vi.fn() }] };
  expect(loadConverter(dataConverter).payloadCodecs).toEqual(dataConverter.payloadCodecs);
});
