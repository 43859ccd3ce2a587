import { expect, test } from 'vitest';
import { complaintOf, migrationDetail } from './log-line.ts';

const complaints = (...lines: string[]) => {
  const said: string[] = [];
  for (const line of lines) complaintOf('The worker', line, (text) => said.push(text));
  return said;
};

test('what a part logs as an error is told in its name, with its reason', () => {
  expect(
    complaints(
      '{"level":50,"msg":"an execution could not be reconciled","err":{"message":"no"}}',
      '{"level":60,"msg":"the worker failed"}',
    ),
  ).toEqual(['The worker: an execution could not be reconciled: no', 'The worker: the worker failed']);
});

test('warnings, other lines and half of one are nobody’s complaint', () => {
  expect(complaints('{"level":40,"msg":"waiting for Temporal"}', 'plain text', '{"level":50,"msg":')).toEqual([]);
});

test('the database counts its migrations', () => {
  expect(migrationDetail('{"msg":"migration","number":12,"of":31}')).toBe('migration 12 of 31');
  expect(migrationDetail('{"msg":"ready"}')).toBeNull();
});
