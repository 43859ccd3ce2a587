import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { AdoptionRules, readAdoptionRules } from './adoption-rules.ts';
import { Port, readVariables, readVariablesAndTemporal, supabaseVariables } from './environment.ts';
import { JsonArray } from './json-array.ts';

const refusal = 'It cannot start:';
const Env = z.object({ ...supabaseVariables, PORT: Port, RULES: AdoptionRules.default([]) });
const needed = { SUPABASE_URL: 'http://127.0.0.1:54321', SUPABASE_SERVICE_ROLE_KEY: 'secret', PORT: '1' };

const messageOf = (work: () => unknown) => {
  try {
    work();
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('nothing was refused');
};

test('every variable that is missing or wrong is named at once, under one sentence', () => {
  const given = { SUPABASE_URL: 'nowhere', PORT: '65536', TEMPORAL_TLS: 'perhaps' };
  const [first, ...lines] = messageOf(() => readVariablesAndTemporal(Env, given, { refusal })).split('\n');
  expect(first).toBe(refusal);
  expect(lines.map((line) => line.split(':')[0]?.trim()).sort()).toEqual([
    'PORT',
    'SUPABASE_SERVICE_ROLE_KEY',
    'SUPABASE_URL',
    'TEMPORAL_TLS',
  ]);
  expect(lines).toContain('  SUPABASE_SERVICE_ROLE_KEY: is not set');
});

test('an empty variable is one that is not set: it has its default, or is missing', () => {
  const read = readVariablesAndTemporal(Env, { ...needed, TEMPORAL_ADDRESS: '' }, { refusal });
  expect(read.temporal).toEqual([{ namespace: 'default', address: 'localhost:7233' }]);
  expect(() => readVariables(Env, { ...needed, PORT: '' }, { refusal })).toThrow('PORT: is not set');
});

test('what is wrong with a default, beside another variable, is said as it is', () => {
  const Twins = z.object({ ONE: Port.default(1), TWO: Port.default(2) }).superRefine(({ ONE, TWO }, context) => {
    if (ONE === TWO) context.addIssue({ code: 'custom', path: ['TWO'], message: `${TWO} is the port of ONE already` });
  });
  expect(() => readVariables(Twins, { ONE: '2' }, { refusal })).toThrow('TWO: 2 is the port of ONE already');
});

test('a value of JSON is named by the place in it that is wrong', () => {
  const rules = JSON.stringify([{ user: { userId: 'anna' } }, { workflowType: '' }, { user: {}, typ: 1 }]);
  const read = () => readVariables(Env, { ...needed, RULES: rules }, { refusal, separator: ', ' });
  const message = messageOf(read);
  for (const place of ['RULES, rule 2, workflowType: ', 'RULES, rule 2, user: ', 'RULES, rule 3, user: must be one of'])
    expect(message).toContain(place);
  expect(message).toContain('RULES, rule 3: Unrecognized key: "typ"');
});

test('adoption rules read for a person name every mistake in one line', () => {
  expect(messageOf(() => readAdoptionRules('[{"user":{}},{"user":{"memo":""}}]'))).toMatch(
    /^rule 1, user: .*; rule 2, user/,
  );
  expect(messageOf(() => readAdoptionRules('rules.json'))).toMatch(/^RUNLEDGER_ADOPTION: is neither a JSON array nor/);
  expect(messageOf(() => readAdoptionRules('[1'))).toMatch(/^RUNLEDGER_ADOPTION: is neither a JSON array nor/);
  expect(readAdoptionRules('[{"user":{"memo":"userId"}}]')).toEqual([{ user: { memo: 'userId' } }]);
});

test('a JSON array is given as text or as the path of a file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'runledger-json-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'array.json');
  writeFileSync(file, '[1, 2]');
  expect([JsonArray.parse(file), JsonArray.parse(' [1, 2]')]).toEqual([
    [1, 2],
    [1, 2],
  ]);
});
