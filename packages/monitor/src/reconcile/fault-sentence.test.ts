import { ExecutionError } from '@runledger/contracts';
import { expect, test } from 'vitest';
import { faultSentence } from './fault-sentence.ts';

test('what Postgres says word by word is nobody’s health; what the ledger says itself is', () => {
  const raw = 'duplicate key value violates unique constraint "an_engine_run_is_recorded_once"';
  const violation = new ExecutionError('conflict', raw, { cause: { code: '23505', message: raw } });
  expect(faultSentence(violation)).toBe(
    'The ledger refused what Temporal says of it (conflict); the log of the monitor says why',
  );
  const own = new ExecutionError('conflict', 'It belongs to another user.', { cause: { code: 'PT409' } });
  expect(faultSentence(own)).toBe('It belongs to another user.');
  expect(faultSentence(new TypeError('x is not a function'))).not.toContain('x is not a function');
});
