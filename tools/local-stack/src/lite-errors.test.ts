import { describe, expect, test } from 'vitest';
import { asPostgrestError } from './lite-errors.ts';

/** The status and body that a caller of the API gets for an error of the driver. */
function answer(code: string, more: object = {}) {
  const error = asPostgrestError(Object.assign(new Error('no such luck'), { code, ...more })) as Error & {
    detail: string;
  };
  return { status: JSON.parse(error.detail).status, ...JSON.parse(error.message) };
}

describe('an error of the database is answered as PostgREST does it', () => {
  test.each(['CONNECTION_CLOSED', 'CONNECTION_DESTROYED', 'CONNECT_TIMEOUT', 'ECONNREFUSED', 'ECONNRESET', 'EPIPE'])(
    'a database that is away (%s) is 503, so that callers try again',
    (code) => {
      expect(answer(code)).toMatchObject({ status: 503, code: 'PGRST001' });
    },
  );

  test('a statement that the database refused keeps its code, detail and hint', () => {
    expect(answer('23505', { detail: 'Key (id)', hint: null })).toMatchObject({
      status: 409,
      code: '23505',
      message: 'no such luck',
      details: 'Key (id)',
    });
  });

  test('what is no error of the database is left alone', () => {
    const error = new TypeError('ours');
    expect(asPostgrestError(error)).toBe(error);
  });
});
