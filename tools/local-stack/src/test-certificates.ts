import { generate } from 'selfsigned';

export interface TestCertificates {
  /** What a client believes. */
  ca: string;
  server: { cert: string; key: string };
  client: { cert: string; key: string };
}

const named = (value: string) => [{ name: 'commonName', value }];

/** An authority of its own, and what it signed for a server named `temporal.test` and for a client named `runledger`. */
export async function createTestCertificates(): Promise<TestCertificates> {
  const options = { keyType: 'ec', algorithm: 'sha256' } as const;
  const authority = await generate(named('authority.test'), {
    ...options,
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', keyCertSign: true, digitalSignature: true },
    ],
  });
  const ca = { key: authority.private, cert: authority.cert };
  const sign = (name: string, usage: { serverAuth?: boolean; clientAuth?: boolean }) =>
    generate(named(name), {
      ...options,
      ca,
      extensions: [
        { name: 'basicConstraints', cA: false },
        { name: 'keyUsage', digitalSignature: true },
        { name: 'extKeyUsage', ...usage },
        { name: 'subjectAltName', altNames: [{ type: 2, value: name }] },
      ],
    });
  const [server, client] = await Promise.all([
    sign('temporal.test', { serverAuth: true }),
    sign('runledger', { clientAuth: true }),
  ]);
  return {
    ca: ca.cert,
    server: { cert: server.cert, key: server.private },
    client: { cert: client.cert, key: client.private },
  };
}
