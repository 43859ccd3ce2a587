import { hidesError } from '@runledger/contracts';
import { databaseKinds } from '@runledger/local-stack';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { LedgerDatabase } from '../ledger-database.ts';
import { openLedger } from '../ledger-database.ts';

const POINTERS = [
  '/failure',
  '/failures',
  '/failure/message',
  '/failure/*',
  '/failure/details',
  '/failure/detailsNote',
];
const MORE = ['/failure/details/0/card', '/failure/stack', '/failure/stack~1', '/input', '/input/failure', '/failure/'];
const MESSAGES = ['declined', '', '{"a":1}', ' [1]', '\n{', 'x {'];

describe.each(databaseKinds)('on %s', (kind) => {
  let ledger: LedgerDatabase;
  beforeAll(async () => {
    ledger = await openLedger(kind);
  });
  afterAll(() => ledger?.db.close());

  test('the database hides the same errors as the API does', async () => {
    const sets = [[], ...[...POINTERS, ...MORE].map((pointer) => [pointer]), ['/input', '/failure/stack', '/failure']];
    for (const redact of sets)
      for (const message of MESSAGES) {
        const [row] = await ledger.db.query<{ hides: boolean }>(
          'select runledger_private.hides_error($1::text[], $2) as hides',
          [redact, message],
        );
        expect([redact, message, row?.hides]).toEqual([redact, message, hidesError(redact, message)]);
      }
  });
});
