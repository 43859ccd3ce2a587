import { causesOf, DETAILS_LIMIT_BYTES, exactly } from '@runledger/contracts';
import type { Payload } from '@temporalio/common';
import { defaultPayloadConverter } from '@temporalio/common';
import { loadDataConverter } from '@temporalio/common/lib/internal-non-workflow/index.js';
import { describe, expect, test } from 'vitest';
import type { ProtoFailure } from './failure.ts';
import { reversingConverter } from './fixtures/reversing-converter.ts';
import { readFailure } from './read-failure.ts';

const plain = loadDataConverter();
const payload = (value: unknown) => defaultPayloadConverter.toPayload(value) as Payload;
const encrypted = async (value: unknown) =>
  ((await reversingConverter.payloadCodecs?.[0]?.encode([payload(value)])) ?? [])[0] as Payload;
const withDetails = (...payloads: Payload[]): ProtoFailure => ({
  message: 'no stock',
  applicationFailureInfo: { type: 'StockError', details: { payloads } },
});

describe('the details of a failure', () => {
  test('are kept as a list, of causes too', async () => {
    const failure = { ...withDetails(payload({ code: 42 }), payload('x')), cause: withDetails(payload(7)) };
    expect(await readFailure(plain, failure)).toMatchObject({ details: [{ code: 42 }, 'x'], cause: { details: [7] } });
  });

  test('of the root cause are kept, however long the chain', async () => {
    let failure = withDetails(payload({ root: true }));
    for (let depth = 1; depth < 40; depth += 1) failure = { ...withDetails(payload(depth)), cause: failure };
    const kept = causesOf(await readFailure(plain, failure), ({ cause }) => cause);
    expect(kept.at(-1)?.details).toEqual([{ root: true }]);
    expect(kept[0]?.details).toEqual([39]);
  });

  test('keep every digit of their numbers', async () => {
    const long = { ...payload(0), data: Buffer.from('{"account":9007199254740993}') };
    const { details, detailsNote } = await readFailure(plain, withDetails(long));
    expect(detailsNote).toBe('numbers_beyond_double');
    expect(exactly([details])).toBe('[[{"account":9007199254740993}]]');
  });

  test('up to 4 KB of JSON are kept', async () => {
    const fits = 'x'.repeat(DETAILS_LIMIT_BYTES - 4);
    expect((await readFailure(plain, withDetails(payload(fits)))).details).toEqual([fits]);
    for (const tooMuch of [`${fits}x`, 'x'.repeat(1_000_000)]) {
      const failure = await readFailure(plain, withDetails(payload(tooMuch)));
      expect(failure).not.toHaveProperty('details');
      expect(failure.detailsNote).toBe('too_large');
    }
  });

  test('are left out where they cannot be read, and are there with the codec', async () => {
    const failure = withDetails(await encrypted({ card: '4242' }));
    const without = await readFailure(plain, failure);
    expect(without).toMatchObject({ type: 'StockError', message: 'no stock' });
    expect(without).not.toHaveProperty('details');
    expect(without.detailsNote).toBe('undecodable: binary/encrypted');
    expect((await readFailure(loadDataConverter(reversingConverter), failure)).details).toEqual([{ card: '4242' }]);
  });
});

test('an encrypted message is read with the codec, and without it says that it is encoded', async () => {
  const encodedAttributes = await encrypted({ message: 'card declined', stack_trace: 'at pay' });
  const failure: ProtoFailure = { message: 'Encoded failure', encodedAttributes, applicationFailureInfo: {} };
  expect((await readFailure(plain, failure)).message).toBe('Encoded failure');
  expect(await readFailure(loadDataConverter(reversingConverter), failure)).toMatchObject({
    message: 'card declined',
    stack: 'at pay',
  });
});
