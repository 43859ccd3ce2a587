import { once } from 'node:events';
import type { ServerHttp2Session, ServerHttp2Stream } from 'node:http2';
import { connect, constants, createSecureServer } from 'node:http2';
import type { AddressInfo } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { TestCertificates } from './test-certificates.ts';

export interface GrpcGate {
  /** `127.0.0.1:port`; its certificate is for `temporal.test`. */
  address: string;
  /** Common names of the client certificates that were shown. */
  clients: Set<string>;
  /** `authorization` headers that were let through. */
  admitted: Set<string | undefined>;
  /** Connections that ended before they were secure: without a certificate of the authority. */
  turnedAway(): number;
  /** From now on only calls with one of these `authorization` headers are passed on; the others are `UNAUTHENTICATED`. */
  admitOnly(...authorizations: string[]): void;
  stop(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** gRPC over TLS in front of a server without it, as a cloud's: demands a client certificate of the authority, and on request a key. */
export async function startGrpcGate({
  target,
  certificates: { ca, server: own },
}: {
  target: string;
  certificates: TestCertificates;
}): Promise<GrpcGate> {
  const clients = new Set<string>();
  const admitted = new Set<string | undefined>();
  const sessions = new Set<ServerHttp2Session>();
  let turnedAway = 0;
  let keys: string[] | null = null;
  const server = createSecureServer({ ...own, ca, requestCert: true, rejectUnauthorized: true });
  server.on('tlsClientError', () => {
    turnedAway += 1;
  });
  server.on('secureConnection', (socket: TLSSocket) => clients.add(socket.getPeerCertificate().subject.CN as string));
  server.on('session', (session) => {
    sessions.add(session);
    const upstream = connect(`http://${target}`);
    upstream.on('error', () => session.destroy());
    session.on('error', () => upstream.destroy());
    session.on('close', () => {
      sessions.delete(session);
      upstream.destroy();
    });
    session.on('stream', (stream, headers) => {
      const authorization = headers.authorization;
      if (keys && !keys.includes(authorization ?? '')) return refuse(stream);
      admitted.add(authorization);
      const passed = Object.fromEntries(Object.entries(headers).filter(([name]) => name !== ':authority'));
      const call = upstream.request(passed);
      let trailers: Record<string, unknown> = {};
      call.on('response', ({ ...answer }, flags) => {
        // An error comes as headers alone.
        if (flags & constants.NGHTTP2_FLAG_END_STREAM) return stream.respond(answer, { endStream: true });
        stream.on('wantTrailers', () => stream.sendTrailers(trailers as Record<string, string>));
        stream.respond(answer, { waitForTrailers: true });
        call.pipe(stream);
      });
      call.on('trailers', (last) => {
        trailers = Object.fromEntries(Object.entries(last));
      });
      stream.pipe(call);
      stream.on('aborted', () => call.close(constants.NGHTTP2_CANCEL));
      stream.on('error', () => call.destroy());
      call.on('error', () => stream.destroy());
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');

  async function stop(): Promise<void> {
    const closed = server.listening ? once(server, 'close') : undefined;
    server.close();
    for (const session of sessions) session.destroy();
    await closed;
  }
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    clients,
    admitted,
    turnedAway: () => turnedAway,
    admitOnly(...authorizations) {
      keys = authorizations;
      admitted.clear();
    },
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

function refuse(stream: ServerHttp2Stream): void {
  stream.respond(
    { ':status': 200, 'content-type': 'application/grpc', 'grpc-status': '16', 'grpc-message': 'unknown key' },
    { endStream: true },
  );
}
