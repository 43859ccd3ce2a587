import { expect, onTestFinished, test } from 'vitest';
import { listen } from './listen.ts';

const at = { port: 0, host: '127.0.0.1', variable: 'RUNLEDGER_HTTP_PORT' };

test('it says where it listens; a port that is taken is named with the variable that moves it', async () => {
  const first = await listen({ ...at, fetch: () => new Response('fine') });
  onTestFinished(() => first.close(0));
  expect(await (await fetch(first.url)).text()).toBe('fine');
  const port = Number(new URL(first.url).port);
  await expect(listen({ ...at, port, fetch: () => new Response() })).rejects.toThrow(
    `Port ${port} on 127.0.0.1 is in use: stop what listens there, or set RUNLEDGER_HTTP_PORT to another.`,
  );
});

test('a host that is not of this machine is named too', async () => {
  await expect(listen({ ...at, host: '192.0.2.1', fetch: () => new Response() })).rejects.toThrow(
    /^Port 0 on 192\.0\.2\.1 did not open \(.*EADDRNOTAVAIL.*\): check the host, or set RUNLEDGER_HTTP_PORT to another\.$/,
  );
});

test('closing lets requests under way finish, unless they take too long', async () => {
  const arrived = Promise.withResolvers<void>();
  const answer = Promise.withResolvers<Response>();
  const patient = await listen({
    ...at,
    fetch() {
      arrived.resolve();
      return answer.promise;
    },
  });
  const response = fetch(patient.url);
  await arrived.promise;
  const closed = patient.close(3_600_000);
  answer.resolve(new Response('late', { headers: { connection: 'close' } }));
  expect(await (await response).text()).toBe('late');
  await closed;

  const reached = Promise.withResolvers<void>();
  const impatient = await listen({
    ...at,
    fetch() {
      reached.resolve();
      return new Promise<Response>(() => {});
    },
  });
  const cut = expect(fetch(impatient.url)).rejects.toThrow();
  await reached.promise;
  await impatient.close(0);
  await cut;
});
