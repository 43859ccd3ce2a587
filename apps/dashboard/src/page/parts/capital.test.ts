import { expect, test } from 'vitest';
import { capital } from './capital.ts';

test('a sentence begins with a capital; a name of code and an address stay as they are written', () => {
  expect(capital('card declined: chargeCard gave up')).toBe('Card declined: chargeCard gave up');
  expect(capital('über dem Limit')).toBe('Über dem Limit');
  for (const kept of [
    'chargeCard failed',
    'https://example.com is away',
    'x-api-key is missing',
    '503 from the carrier',
    '',
  ])
    expect(capital(kept)).toBe(kept);
});
