import { ExecutionError } from '@runledger/contracts';
import { expect, test } from 'vitest';
import { askSchema } from './schema-versions.ts';

const ledger = (schemaVersion: number) => ({
  schemaVersions: async () => ({ schemaVersion, neededSchemaVersion: 5 }),
});
const failing = (code: 'schema_outdated' | 'ledger_unavailable') => ({
  schemaVersions: () => Promise.reject(new ExecutionError(code, 'There is no ledger.')),
});

test('which of both is newer is said, and what to do', async () => {
  expect(await askSchema(ledger(5))).toBeNull();
  expect(await askSchema(ledger(4))).toMatchObject({
    level: 'error',
    says: expect.stringMatching(/is older, version 4: Runledger \d+\.\d+\.\d+ is made for version 5/),
    advice: expect.stringContaining('runledger migrate'),
  });
  expect(await askSchema(ledger(6))).toMatchObject({
    level: 'warn',
    says: expect.stringContaining('is newer, version 6'),
    advice: expect.stringContaining('Deploy the release'),
  });
});

test('a database without the ledger is an error, and one that does not answer says nothing', async () => {
  expect(await askSchema(failing('schema_outdated'))).toMatchObject({ level: 'error', says: 'There is no ledger.' });
  expect(await askSchema(failing('ledger_unavailable'))).toBeNull();
});
