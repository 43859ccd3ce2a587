import { describe, expect, test } from 'vitest';
import { ledgerError } from './ledger-error.ts';

const codeOf = (code: string, status = 400) => ledgerError({ code, message: 'x' }, status).code;

describe('what Postgres and its API say', () => {
  test.each([
    ['21000', 'ON CONFLICT DO UPDATE cannot affect row a second time'],
    ['22001', 'value too long'],
    ['22003', 'value overflows numeric format'],
    ['22021', 'invalid byte sequence for encoding'],
    ['22P02', 'invalid input syntax for type json'],
    ['22P05', 'unsupported Unicode escape sequence'],
    ['23514', 'violates check constraint'],
    ['54000', 'total size of jsonb object elements exceeds the maximum'],
    ['54001', 'stack depth limit exceeded'],
    ['PGRST102', 'Empty or invalid json'],
  ])('a fault of the data (%s, %s) is never an outage, whatever the status', (code) => {
    for (const status of [400, 413, 500, 503]) {
      expect(['invalid_input', 'payload_too_large']).toContain(codeOf(code, status));
    }
  });

  test.each([['08006'], ['40001'], ['40P01'], ['53300'], ['57P03'], ['PGRST000']])('an outage (%s) is one', (code) => {
    expect(codeOf(code, 503)).toBe('ledger_unavailable');
  });

  test('a gateway without a word for it is away, and a body that is too large is too large', () => {
    expect(codeOf('', 502)).toBe('ledger_unavailable');
    expect(codeOf('', 0)).toBe('ledger_unavailable');
    expect(codeOf('', 413)).toBe('payload_too_large');
  });
});
