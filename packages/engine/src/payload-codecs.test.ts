import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Payload } from '@temporalio/common';
import { loadDataConverter } from '@temporalio/common/lib/internal-non-workflow/index.js';
import { afterAll, describe, expect, test } from 'vitest';
import { createPayloadCodecs } from './payload-codecs.ts';
import { signalExecution } from './signal.ts';
import { startExecution } from './start.ts';

const folder = mkdtempSync(join(tmpdir(), 'runledger-codec-'));
afterAll(() => rmSync(folder, { recursive: true }));

function moduleOf(name: string, code: string) {
  const module = join(folder, name);
  writeFileSync(module, code);
  return { module };
}

const encoded = async (source: { module: string }, namespace = 'shop') => {
  let payloads: Payload[] = [{ data: Buffer.from('x') }];
  for (const codec of createPayloadCodecs(source, namespace)) payloads = await codec.encode(payloads);
  return Buffer.from(payloads[0]?.data ?? []).toString();
};
const codec = (mark: string) =>
  `{ encode: async (all) => all.map((one) => ({ ...one, data: Buffer.from(one.data + ${mark}) })), decode: async (all) => all }`;

describe('a codec module', () => {
  test('exports a codec, a list of them, or a function of the namespace; in TypeScript or JavaScript', async () => {
    expect(await encoded(moduleOf('one.mjs', `export default ${codec("'1'")}`))).toBe('x1');
    expect(await encoded(moduleOf('two.mjs', `export default [${codec("'1'")}, ${codec("'2'")}]`))).toBe('x12');
    const typed = `export default (namespace: string) => (${codec('namespace')} as object)`;
    expect(await encoded(moduleOf('of.ts', typed), 'billing')).toBe('xbilling');
    expect(createPayloadCodecs(undefined, 'shop')).toEqual([]);
  });

  test('that is not there, or exports something else, is named at the start', () => {
    expect(() => createPayloadCodecs({ module: '/nowhere.mjs' }, 'shop')).toThrow(
      'The codec module /nowhere.mjs cannot be loaded: ',
    );
    for (const [at, code] of ['export const codec = 1', 'export default {}', 'export default []'].entries())
      expect(() => createPayloadCodecs(moduleOf(`wrong-${at}.mjs`, code), 'shop')).toThrow('must export as default');
  });
});

test('while a codec does not encode, nothing is sent, and the start is tried again as when Temporal is away', async () => {
  const fails =
    'export default { encode: async () => { throw new Error("key vault: s3cret") }, decode: async (all) => all }';
  const converter = loadDataConverter({ payloadCodecs: createPayloadCodecs(moduleOf('fails.mjs', fails), 'shop') });
  const call = () => {
    throw new Error('it was sent');
  };
  const target = { namespace: 'shop', temporalWorkflowId: 'order-1', firstRunId: null };
  const start = startExecution(call, converter, {
    ...{ ...target, workflowType: 'order', taskQueue: 'orders', input: { card: '4111' }, userId: 'anna' },
    ...{ executionTimeout: null, runTimeout: null, retryPolicy: null },
  });
  const signal = signalExecution({ call, converter }, target, { actor: 'anna', name: 'add', input: 1, requestId: 'r' });
  for (const refused of [start, signal])
    await expect(refused).rejects.toMatchObject({
      code: 'engine_unavailable',
      message: 'The payload codec did not encode (the module failed), so nothing was sent.',
    });
});
