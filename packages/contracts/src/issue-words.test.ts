import { expect, test } from 'vitest';
import { z } from 'zod';
import { issuesSentence } from './issue-words.ts';

const said = (schema: z.ZodType, value: unknown) => {
  const parsed = schema.safeParse(value);
  if (parsed.success) throw new Error('it was taken');
  return issuesSentence(parsed.error);
};

test.each<[string, z.ZodType, unknown]>([
  ['text: must have at least 3 characters.', z.object({ text: z.string().min(3) }), { text: 'ab' }],
  ['text: must have at least 1 character.', z.object({ text: z.string().min(1) }), { text: '' }],
  ['limit: must be at most 200.', z.object({ limit: z.int().max(200) }), { limit: 201 }],
  ['limit: must be more than 0.', z.object({ limit: z.number().positive() }), { limit: 0 }],
  ['limit: must be a whole number.', z.object({ limit: z.int() }), { limit: 1.5 }],
  ['ids: must have at most 2 items.', z.object({ ids: z.array(z.string()).max(2) }), { ids: ['a', 'b', 'c'] }],
  ['id: must be a uuid.', z.object({ id: z.uuid() }), { id: 'x' }],
  ['id: is missing.', z.object({ id: z.string() }), {}],
  ['ids.1: must be a string.', z.object({ ids: z.array(z.string()) }), { ids: ['a', 1] }],
  ['must be an object.', z.object({}), 'x'],
  ['to: must be one of a, b.', z.object({ to: z.enum(['a', 'b']) }), { to: 'c' }],
  ['kind: must be x.', z.object({ kind: z.literal('x') }), { kind: 'y' }],
  ['name: must match /^[a-z]+$/.', z.object({ name: z.string().regex(/^[a-z]+$/) }), { name: '1' }],
  ['url: invalid string: must start with "https:".', z.object({ url: z.string().startsWith('https:') }), { url: 'x' }],
  ['has keys that are not known: b, c.', z.strictObject({}), { b: 1, c: 2 }],
  ['at: has none of the forms that are taken.', z.object({ at: z.union([z.string(), z.number()]) }), { at: null }],
  ['at: says it itself.', z.object({ at: z.string().min(2, 'says it itself') }), { at: 'x' }],
  ['at: Pass a time.', z.object({ at: z.string().refine(() => false, 'Pass a time.') }), { at: 'x' }],
])('%s', (sentence, schema, value) => {
  expect(said(schema, value)).toBe(sentence);
});

test('several are told in one sentence, and how many more there are', () => {
  const schema = z.object(Object.fromEntries(Array.from({ length: 7 }, (_, n) => [`f${n}`, z.string()])));
  const five = ['f0', 'f1', 'f2', 'f3', 'f4'].map((name) => `${name}: is missing`);
  expect(said(schema, {})).toBe(`${five.join('; ')}; and 2 more.`);
});
