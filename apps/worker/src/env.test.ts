import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readEnv } from './env.ts';

const REQUIRED = { SUPABASE_URL: 'http://127.0.0.1:54321', SUPABASE_SERVICE_ROLE_KEY: 'secret' };
const adoption = (rules: unknown) =>
  readEnv({ ...REQUIRED, RUNLEDGER_ADOPTION: JSON.stringify(rules) }).RUNLEDGER_ADOPTION;

test('adoption rules come from the variable itself or from a file, and are none by default', () => {
  const rules = [
    { workflowType: 'order', taskQueue: 'orders', user: { searchAttribute: 'CustomerId' } },
    { user: { memo: 'userId' }, workflowId: '0199d8f0-0000-7000-8000-000000000001' },
    { user: { userId: 'anna' } },
  ];
  expect(adoption(rules)).toEqual(rules);
  const file = join(mkdtempSync(join(tmpdir(), 'rules-')), 'rules.json');
  writeFileSync(file, JSON.stringify(rules));
  expect(readEnv({ ...REQUIRED, RUNLEDGER_ADOPTION: file }).RUNLEDGER_ADOPTION).toEqual(rules);
  expect(readEnv({ ...REQUIRED, RUNLEDGER_ADOPTION: '' }).RUNLEDGER_ADOPTION).toEqual([]);
});

test('a wrong adoption rule is named by its number and its field', () => {
  const good = { user: { userId: 'anna' } };
  expect(() => adoption([good, { workflowType: 'order' }])).toThrow('RUNLEDGER_ADOPTION, rule 2, user: must be one of');
  expect(() => adoption([{ user: { userId: 'anna', memo: 'user' } }])).toThrow('rule 1, user');
  expect(() => adoption([good, good, { ...good, workflowId: 'orders' }])).toThrow('rule 3, workflowId: Invalid UUID');
  expect(() => adoption([{ ...good, type: 'order' }])).toThrow('rule 1: Unrecognized key: "type"');
  expect(() => readEnv({ ...REQUIRED, RUNLEDGER_ADOPTION: 'rules.json' })).toThrow(
    'RUNLEDGER_ADOPTION: is neither a JSON array nor the path of a readable file',
  );
});

test('every wrong variable is named at once', () => {
  const read = () =>
    readEnv({ ...REQUIRED, RUNLEDGER_WATCH_CAP: '1101', RUNLEDGER_HTTP_PORT: '0', OTEL_METRICS_EXPORTER: 'statsd' });
  for (const name of ['RUNLEDGER_WATCH_CAP', 'RUNLEDGER_HTTP_PORT', 'OTEL_METRICS_EXPORTER'])
    expect(read).toThrow(name);
  expect(readEnv(REQUIRED)).toMatchObject({ RUNLEDGER_WATCH_CAP: 800, RUNLEDGER_HTTP_HOST: '127.0.0.1' });
});
