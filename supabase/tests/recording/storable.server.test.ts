import type { Json } from '@runledger/contracts';
import { exactly, exactSource, STORABLE_DEPTH, storableJson, storableText } from '@runledger/contracts';
import { databaseKinds } from '@runledger/local-stack';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { LedgerDatabase } from '../ledger-database.ts';
import { openLedger } from '../ledger-database.ts';

const LIMIT = 1_000_000;
/** Half surrogates, NUL, and everything else that a UTF-16 string may be. */
const anyText = fc.string({ unit: fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code)) });
/** Numbers as JSON texts of other languages have them. */
const anyNumber = fc
  .tuple(
    fc.constantFrom('', '-'),
    fc.bigInt({ min: 0n, max: 10n ** 40n }).map(String),
    fc.option(fc.stringMatching(/^\d{1,30}$/), { nil: null }),
    fc.option(fc.integer({ min: -400, max: 400 }), { nil: null, freq: 3 }),
  )
  .map(([sign, whole, fraction, exponent]) =>
    [sign, whole, fraction === null ? '' : `.${fraction}`, exponent === null ? '' : `e${exponent}`].join(''),
  );
const anyJsonText = fc.letrec<{ node: string }>((tie) => ({
  node: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    anyNumber,
    anyText.map((text) => JSON.stringify(text)),
    fc.constantFrom('null', 'true', 'NaN', '-Infinity', '1e-400', '-0'),
    fc.array(tie('node'), { maxLength: 4 }).map((items) => `[${items.join(',')}]`),
    fc
      .array(fc.tuple(anyText, tie('node')), { maxLength: 4 })
      .map((fields) => `{${fields.map(([key, value]) => `${JSON.stringify(key)}:${value}`).join(',')}}`),
  ),
})).node;

/** The value with the text of every exact number in its place, so that Postgres can be asked whether it is equal. */
function numbersOf(value: Json): string[] {
  const source = exactSource(value);
  if (source !== null) return [source];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(numbersOf);
}

describe.each(databaseKinds)('what is called storable, on %s', (kind) => {
  let ledger: LedgerDatabase;
  beforeAll(async () => {
    ledger = await openLedger(kind);
  });
  afterAll(() => ledger?.db.close());

  const stored = async (value: Json): Promise<{ text: string; back: Json }> => {
    const sent = exactly([value]);
    const [row] = await ledger.db.query<{ text: string; back: Json }>(
      'select s.v::text as text, s.v as back from (select runledger_private.unwrap($1::jsonb) -> 0 as v) s',
      // As an API sends a jsonb parameter: a list, or a string that holds the text of one.
      [JSON.stringify(sent)],
    );
    return row as { text: string; back: Json };
  };

  test('is stored, and read back equal to the last digit', async () => {
    await fc.assert(
      fc.asyncProperty(anyJsonText, async (text) => {
        const storable = storableJson(text, LIMIT);
        if (storable.kind !== 'kept') return expect(storable.why).toBe('too_large');
        const { text: printed } = await stored(storable.value);
        for (const number of numbersOf(storable.value)) {
          const [row] = await ledger.db.query<{ found: boolean }>(
            'select position(($1::numeric)::text in $2) > 0 as found',
            [number, printed],
          );
          expect(row?.found, number).toBe(true);
        }
        // As doubles both say the same: what else there is has been kept as it was.
        expect(JSON.parse(printed)).toEqual(JSON.parse(JSON.stringify(storable.value)));
      }),
      { numRuns: 100 },
    );
  });

  test.each(['1e131071', '1.5e131071', '1e-16383', `1${'0'.repeat(131_071)}`, `0.${'0'.repeat(16_382)}1`])(
    'and so are the largest and the smallest numbers (%#)',
    async (number) => {
      const storable = storableJson(number, LIMIT);
      expect(storable).toMatchObject({ kind: 'kept', notes: ['numbers_beyond_double'] });
      const { text } = await stored((storable as { value: Json }).value);
      const [row] = await ledger.db.query<{ same: boolean }>('select $1::numeric = $2::numeric as same', [
        number,
        text,
      ]);
      expect(row?.same).toBe(true);
    },
  );

  test('any text is stored as it stands', async () => {
    await fc.assert(
      fc.asyncProperty(anyText, async (text) => {
        const clean = storableText(text);
        const [row] = await ledger.db.query<{ back: string }>('select $1::text as back', [clean]);
        expect(row?.back).toBe(clean);
      }),
      { numRuns: 200 },
    );
  });

  test('and the deepest is', async () => {
    for (const [open, close] of [
      ['[', ']'],
      ['{"a":', '}'],
    ] as const) {
      const text = `${open.repeat(STORABLE_DEPTH)}${open === '[' ? '' : '1'}${close.repeat(STORABLE_DEPTH)}`;
      const storable = storableJson(text, LIMIT);
      expect(storable.kind).toBe('kept');
      const { text: printed } = await stored((storable as { value: Json }).value);
      expect(printed.replaceAll(' ', '')).toBe(text);
    }
  });
});
