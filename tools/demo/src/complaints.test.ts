import { expect, test } from 'vitest';
import { createComplaints } from './complaints.ts';

test('the same complaint is heard once in ten seconds, another one at once', () => {
  const said: string[] = [];
  let now = 0;
  const complain = createComplaints(
    (line) => said.push(line),
    () => now,
  );
  complain(new Error('the API is away\n    at somewhere'));
  complain(new Error('the API is away'));
  complain('no\x1b[2J Temporal');
  now = 10_001;
  complain(new Error('the API is away'));
  expect(said).toEqual(['! the API is away', '! no Temporal', '! the API is away']);
});
