import type { Engine } from '@runledger/contracts';
import { expect, test } from 'vitest';
import { engineOfEach } from './engine-of-each.ts';

/** Answers its own name to whatever it is asked. */
const named = (name: string, ping: () => Promise<void> = async () => undefined) =>
  new Proxy({} as Engine, { get: (_, method) => (method === 'ping' ? ping : async () => name) });

const CALLS: (keyof Engine)[] = [
  ...(['start', 'cancel', 'terminate', 'signal', 'reset', 'resolve', 'readTimeline'] as const),
  ...(['describeNamespace', 'hasNamespace'] as const),
];

test.each(CALLS)('%s goes to the engine of its namespace, and to the first where nobody has it', async (method) => {
  const engines = new Map(['shop', 'billing'].map((name) => [name, named(name)]));
  const call = engineOfEach(engines)[method] as (target: unknown, request?: unknown) => Promise<unknown>;
  const about = (namespace: string) => (method.endsWith('Namespace') ? namespace : { namespace });
  expect(await Promise.all(['billing', 'shop', 'unknown'].map((name) => call(about(name), {})))).toEqual([
    ...['billing', 'shop', 'shop'],
  ]);
});

test('it answers while one of them does, and fails as the first where none does', async () => {
  const away = (why: string) => named(why, () => Promise.reject(new Error(why)));
  const ping = (...engines: [string, Engine][]) => engineOfEach(new Map(engines)).ping();
  await ping(['shop', away('shop is away')], ['billing', named('billing')]);
  await expect(ping(['a', away('a is away')], ['b', away('b is away')])).rejects.toThrow('a is away');
});
