import { readFile } from 'node:fs/promises';
import { createAppRouter } from '@runledger/router';
import { Validator } from '@seriousme/openapi-schema-validator';
import { expect, test } from 'vitest';
import descriptions from './descriptions.json' with { type: 'json' };
import { openApiDocument } from './document.ts';
import { generated } from './generated.ts';
import { proceduresOf } from './procedures.ts';

const procedures = proceduresOf(createAppRouter({ startable: [] }));

test('the description and the reference are those of the router (npm run gen:api writes them)', async () => {
  for (const [file, text] of Object.entries(await generated()))
    expect([file, await readFile(file, 'utf8')]).toEqual([file, text]);
});

test('every procedure has a sentence about it', () => {
  const silent = procedures.filter(({ path }) => !(descriptions as Record<string, string>)[path]);
  expect(silent.map(({ path }) => path)).toEqual([]);
});

test('what /openapi.json answers is valid OpenAPI 3.1, has every procedure, and refers to nothing that is not there', async () => {
  const document = openApiDocument(procedures, descriptions);
  const { valid, errors } = await new Validator().validate(structuredClone(document));
  expect([valid, errors]).toEqual([true, undefined]);
  const paths = Object.keys(document.paths as object);
  expect(paths.filter((path) => path.startsWith('/trpc/')).sort()).toEqual(
    procedures.map(({ path }) => `/trpc/${path}`),
  );
  const { schemas } = document.components as { schemas: object };
  const named = [...JSON.stringify(document).matchAll(/"\$ref":"([^"]*)"/g)].map(([, to]) => to as string);
  expect(named.filter((to) => !(to.replace('#/components/schemas/', '') in schemas))).toEqual([]);
});

test('the validator tells a document that is not valid', async () => {
  const { valid } = await new Validator().validate({ openapi: '3.1.0', info: { title: 'x' }, paths: {} });
  expect(valid).toBe(false);
});
