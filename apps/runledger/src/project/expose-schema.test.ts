import { expect, test } from 'vitest';
import { exposeSchema } from './expose-schema.ts';

test('a configuration keeps its comments and other settings, and serves the schema', () => {
  const config = `# ours
project_id = "shop"

[api] # the API
port = 54321
schemas = [
  "public", # tables
  "storage",
]

[db]
port = 54322
`;
  expect(exposeSchema(config)).toBe(`# ours
project_id = "shop"

[api] # the API
port = 54321
schemas = ["public", "storage", "runledger"]

[db]
port = 54322
`);
});

test('a configuration without the section or the setting serves what the CLI serves by default, too', () => {
  expect(exposeSchema('project_id = "shop"\n')).toBe(
    'project_id = "shop"\n\n[api]\nschemas = ["public", "graphql_public", "runledger"]\n',
  );
  expect(exposeSchema('[api]\nport = 1\n\n[auth]\n')).toBe(
    '[api]\nschemas = ["public", "graphql_public", "runledger"]\nport = 1\n\n[auth]\n',
  );
});

test('one that serves the schema stays as it is', () => {
  expect(exposeSchema('[api]\nschemas = ["public", "runledger"]\n')).toBeNull();
});

test('one that is written in another way is not guessed at', () => {
  expect(() => exposeSchema('api = { schemas = ["public"] }\n')).toThrow('Add "runledger" to schemas under [api]');
});
