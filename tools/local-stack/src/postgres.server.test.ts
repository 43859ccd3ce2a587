import { existsSync } from 'node:fs';
import { chmod } from 'node:fs/promises';
import { connect } from 'node:net';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from './fixtures/temporary-folder.ts';
import { openPostgres } from './open-postgres.ts';
import { startPostgres } from './postgres.ts';

const reachable = (host: string, port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect({ host, port, timeout: 2000 });
    const answer = (is: boolean) => () => {
      socket.destroy();
      resolve(is);
    };
    socket.on('connect', answer(true)).on('error', answer(false)).on('timeout', answer(false));
  });

test.for([15, 17] as const)('Postgres %i runs, clones databases and leaves nothing behind', async (version) => {
  const postgres = await startPostgres({ version });
  expect(existsSync(postgres.dataDir)).toBe(true);
  await postgres.createDatabase('first');
  {
    await using first = await openPostgres(postgres.url('first'));
    expect(first.kind).toBe(`postgres-${version}`);
    await first.exec('create table kept (x int); insert into kept values (1)');
  }
  await postgres.createDatabase('second', { template: 'first' });
  await using second = await openPostgres(postgres.url('second'));
  expect(await second.query('select x from kept')).toEqual([{ x: 1 }]);
  await postgres.dropDatabase('second');
  await expect(openPostgres(postgres.url('second'))).rejects.toThrow('does not exist');
  await postgres.stop();
  expect(existsSync(postgres.dataDir)).toBe(false);
});

test('it listens on the loopback interface only, and not without the password', async () => {
  await using postgres = await startPostgres({ version: 17 });
  expect(await reachable('127.0.0.1', postgres.port)).toBe(true);
  const outside = Object.values(networkInterfaces()).flatMap((all) => all ?? []);
  for (const { address } of outside.filter(({ internal, family }) => !internal && family === 'IPv4')) {
    expect(await reachable(address, postgres.port)).toBe(false);
  }
  const url = new URL(postgres.url());
  url.password = 'wrong';
  await expect(openPostgres(url.href)).rejects.toThrow('password authentication failed');
});

test('what was committed survives an immediate stop, with its password', async () => {
  const dataDir = temporaryFolder();
  const first = await startPostgres({ version: 17, dataDir });
  const before = await openPostgres(first.url());
  await before.exec('create table kept (x int); insert into kept values (1)');
  await before.close();
  await first.stopImmediately();

  const second = await startPostgres({ version: 17, dataDir });
  {
    await using after = await openPostgres(second.url());
    expect(await after.query('select x from kept')).toEqual([{ x: 1 }]);
    expect(await after.query('show fsync')).toEqual([{ fsync: 'on' }]);
  }
  await second.stop();
  expect(existsSync(second.dataDir)).toBe(true);
});

test.runIf(process.getuid?.() === 0)('root is told which folder the server cannot enter', async () => {
  const folder = temporaryFolder();
  await chmod(folder, 0o700);
  await expect(startPostgres({ version: 17, dataDir: join(folder, 'data') })).rejects.toThrow(`chmod o+x ${folder}`);
});

test('a server that cannot start says why', async () => {
  await expect(startPostgres({ version: 17, settings: { shared_buffers: 'plenty' } })).rejects.toThrow(
    /ended while it was starting[\s\S]*shared_buffers/,
  );
});
