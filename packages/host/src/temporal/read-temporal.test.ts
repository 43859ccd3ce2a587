import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generate } from 'selfsigned';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readTemporal } from './read-temporal.ts';

const folder = mkdtempSync(join(tmpdir(), 'runledger-temporal-'));
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

let pair: { cert: string; private: string };
let other: typeof pair;
beforeAll(async () => {
  const options = { keyType: 'ec', algorithm: 'sha256' } as const;
  [pair, other] = await Promise.all([generate([], options), generate([], options)]);
});

function namespacesOf(variables: Record<string, string>) {
  const read = readTemporal(variables);
  if ('problems' in read) throw new Error(read.problems.join('\n'));
  return read.namespaces;
}
function problemsOf(variables: Record<string, string>): string[] {
  const read = readTemporal(variables);
  return 'problems' in read ? read.problems : [];
}

describe('a connection', () => {
  test('is to a server on this machine, without TLS, where nothing is said', () => {
    expect(namespacesOf({})).toEqual([{ namespace: 'default', address: 'localhost:7233' }]);
  });

  test('takes certificates by path and by data, and the name that the server’s has', () => {
    const byPath = namespacesOf({
      TEMPORAL_ADDRESS: 'temporal.internal:7233',
      TEMPORAL_TLS_CLIENT_CERT_PATH: file('client.pem', pair.cert),
      TEMPORAL_TLS_CLIENT_KEY_PATH: file('client.key', pair.private),
      TEMPORAL_TLS_SERVER_CA_CERT_DATA: other.cert,
      TEMPORAL_TLS_SERVER_NAME: 'temporal',
    });
    const byData = namespacesOf({
      TEMPORAL_ADDRESS: 'temporal.internal:7233',
      TEMPORAL_TLS_CLIENT_CERT_DATA: pair.cert,
      TEMPORAL_TLS_CLIENT_KEY_DATA: pair.private,
      TEMPORAL_TLS_SERVER_CA_CERT_PATH: file('ca.pem', other.cert),
      TEMPORAL_TLS_SERVER_NAME: 'temporal',
    });
    expect(byPath).toEqual(byData);
    const text = (bytes: Uint8Array | undefined) => Buffer.from(bytes ?? []).toString();
    const { tls } = byPath[0];
    if (typeof tls !== 'object') throw new Error('it has no certificates');
    expect([text(tls.clientCertPair?.crt), text(tls.clientCertPair?.key), tls.serverNameOverride]).toEqual([
      ...[pair.cert, pair.private, 'temporal'],
    ]);
    expect(text(tls.serverRootCACertificate)).toBe(other.cert);
  });

  test('has the headers and the key that are given', () => {
    const [{ apiKey, metadata }] = namespacesOf({ TEMPORAL_API_KEY: 'secret', TEMPORAL_GRPC_META_TENANT: 'acme' });
    expect([apiKey?.(), metadata]).toEqual(['secret', { tenant: 'acme' }]);
  });
});

describe('several namespaces', () => {
  test('are listed, on one server', () => {
    const read = namespacesOf({ TEMPORAL_NAMESPACE: 'shop, billing', TEMPORAL_ADDRESS: 't:7233' });
    expect(read.map(({ namespace, address }) => `${namespace}@${address}`)).toEqual(['shop@t:7233', 'billing@t:7233']);
  });

  test('are profiles of Temporal’s configuration file, each with a connection and a codec of its own', () => {
    const [key] = [file('billing.key', 'b1\n'), file('shop.key', 's1\n')];
    const profiles = file(
      'temporal.toml',
      `[profile.shop]\naddress = "shop.internal:7233"\nnamespace = "shop"\n
       [profile.shop.codec]\nendpoint = "https://codec.internal"\nauth = "Bearer c"\n
       [profile.billing]\naddress = "billing.internal:7233"\nnamespace = "billing"\n[profile.billing.tls]\nserver_name = "b"`,
    );
    const [shop, billing] = namespacesOf({
      TEMPORAL_CONFIG_FILE: profiles,
      TEMPORAL_PROFILE: 'shop,billing',
      TEMPORAL_API_KEY_FILE: key?.replace('billing.key', '{namespace}.key') ?? '',
    });
    expect(shop).toMatchObject({ address: 'shop.internal:7233', namespace: 'shop' });
    expect(shop?.codec).toEqual({ endpoint: 'https://codec.internal', authorization: 'Bearer c' });
    expect(billing).toMatchObject({ address: 'billing.internal:7233', tls: { serverNameOverride: 'b' } });
    expect([shop?.apiKey?.(), billing?.apiKey?.()]).toEqual(['s1', 'b1']);
  });

  test('of one name are refused: the ledger could not tell them apart', () => {
    expect(problemsOf({ TEMPORAL_NAMESPACE: 'shop,shop' })).toEqual([
      'TEMPORAL_NAMESPACE: names the namespace shop twice',
    ]);
  });
});

describe('what is set and would not be used is an error that names it', () => {
  const config = () => file('one.toml', '[profile.shop]\nnamespace = "shop"');
  test.each([
    ['a typo', { TEMPORAL_TLS_CRET: '/client.pem' }, /^TEMPORAL_TLS_CRET: is set, and nothing reads it/],
    [
      'the hosts’ check',
      { TEMPORAL_TLS_DISABLE_HOST_VERIFICATION: 'true' },
      /^TEMPORAL_TLS_DISABLE_HOST_VER.*TLS_SERVER_CA/,
    ],
    [
      'a profile without a file',
      { TEMPORAL_PROFILE: 'shop' },
      /^TEMPORAL_PROFILE: .*TEMPORAL_CONFIG_FILE, which is not set/,
    ],
    [
      'a key twice',
      { TEMPORAL_API_KEY: 'a', TEMPORAL_API_KEY_FILE: '/a' },
      /^TEMPORAL_API_KEY_FILE: TEMPORAL_API_KEY is set/,
    ],
    [
      'a header without a codec',
      { TEMPORAL_CODEC_AUTH: 'a' },
      /^TEMPORAL_CODEC_AUTH: TEMPORAL_CODEC_ENDPOINT is not set/,
    ],
    [
      'a name without TLS',
      { TEMPORAL_TLS: 'false', TEMPORAL_TLS_SERVER_NAME: 'a' },
      /^TEMPORAL_TLS_SERVER_NAME: TLS is off/,
    ],
    ['two codecs', { TEMPORAL_CODEC_ENDPOINT: 'http://a', RUNLEDGER_CODEC_MODULE: 'a' }, /^RUNLEDGER_CODEC_MODULE: /],
  ])('%s', (_, variables: Record<string, string>, problem) => {
    expect(problemsOf(variables)).toEqual([expect.stringMatching(problem)]);
  });

  test('a key without a certificate, a certificate without a key, and one that is given twice', () => {
    expect(problemsOf({ TEMPORAL_TLS_CLIENT_KEY_DATA: pair.private })).toEqual([
      'TEMPORAL_TLS_CLIENT_CERT_PATH: is not set, and there is a client key',
    ]);
    expect(problemsOf({ TEMPORAL_TLS_CLIENT_CERT_DATA: pair.cert })).toEqual([
      'TEMPORAL_TLS_CLIENT_KEY_PATH: is not set, and there is a client certificate',
    ]);
    expect(problemsOf({ TEMPORAL_TLS_SERVER_CA_CERT_DATA: 'a', TEMPORAL_TLS_SERVER_CA_CERT_PATH: '/a' })).toEqual([
      'TEMPORAL_TLS_SERVER_CA_CERT_DATA: TEMPORAL_TLS_SERVER_CA_CERT_PATH is set too; unset one of them',
    ]);
  });

  test('a variable of one connection beside several profiles, a profile that is not there, and a name in the file', () => {
    const several = { TEMPORAL_CONFIG_FILE: config(), TEMPORAL_PROFILE: 'shop,billing' };
    expect(problemsOf({ ...several, TEMPORAL_ADDRESS: 'a:1' })).toEqual([
      expect.stringMatching(/^TEMPORAL_ADDRESS: TEMPORAL_PROFILE names several profiles/),
    ]);
    expect(problemsOf(several)).toEqual([expect.stringMatching(/^TEMPORAL_CONFIG_FILE: Profile 'billing' not found/)]);
    const typo = file('typo.toml', '[profile.default]\nadress = "a:1"');
    expect(problemsOf({ TEMPORAL_CONFIG_FILE: typo })).toEqual([
      expect.stringMatching(/^TEMPORAL_CONFIG_FILE: .*adress/),
    ]);
  });

  test('in a process of somebody else’s only what is about a connection', () => {
    const theirs = { TEMPORAL_TASK_QUEUE: 'orders', TEMPORAL_WORKER_COUNT: '4' };
    expect(problemsOf(theirs)).toHaveLength(2);
    expect(readTemporal(theirs, { isShared: true })).not.toHaveProperty('problems');
    expect(readTemporal({ ...theirs, TEMPORAL_TLS_CRET: '/a' }, { isShared: true })).toEqual({
      problems: [expect.stringMatching(/^TEMPORAL_TLS_CRET: /)],
    });
  });

  test('but not what others read: the SDK, Temporal’s command and page, and Kubernetes’ variables of a service', () => {
    const others = ['TEMPORAL_DEBUG', 'TEMPORAL_CLI_ADDRESS', 'TEMPORAL_UI_PORT', 'TEMPORAL_SERVICE_HOST'];
    const ofServices = ['TEMPORAL_PORT', 'TEMPORAL_PORT_7233_TCP', 'TEMPORAL_FRONTEND_SERVICE_PORT_GRPC'];
    expect(problemsOf(Object.fromEntries([...others, ...ofServices].map((name) => [name, '1'])))).toEqual([]);
  });
});

test('what cannot be read or does not fit together is said at the start, and not by the first call', () => {
  expect(problemsOf({ TEMPORAL_CONFIG_FILE: '/nowhere.toml' })).toEqual([
    expect.stringMatching(/^TEMPORAL_CONFIG_FILE: cannot be read \(ENOENT/),
  ]);
  expect(problemsOf({ TEMPORAL_API_KEY_FILE: '/nowhere.key' })).toEqual([
    expect.stringMatching(/^TEMPORAL_API_KEY_FILE: cannot be read \(ENOENT/),
  ]);
  expect(problemsOf({ TEMPORAL_TLS_SERVER_CA_CERT_PATH: '/nowhere.pem' })).toEqual([
    expect.stringMatching(/^TEMPORAL_TLS_SERVER_CA_CERT_PATH: cannot be used \(ENOENT/),
  ]);
  const mixed = { TEMPORAL_TLS_CLIENT_CERT_DATA: pair.cert, TEMPORAL_TLS_CLIENT_KEY_DATA: other.private };
  expect(problemsOf(mixed)).toEqual([expect.stringMatching(/CLIENT_CERT.*CLIENT_KEY.*cannot be used \(.*mismatch/)]);
});
