import { pino } from 'pino';
import { expect, test } from 'vitest';
import { schemaIsReady } from './schema-is-ready.ts';

test('a worker waits as long as the schema is older, says so once, and goes on with a newer one', async () => {
  const versions = [4, 4, 4, 6];
  const said: string[] = [];
  await schemaIsReady({
    ledger: { schemaVersions: async () => ({ schemaVersion: versions.shift() as number, neededSchemaVersion: 5 }) },
    logger: pino({ formatters: { level: (level) => ({ level }) } }, { write: (line: string) => void said.push(line) }),
    shutdown: new AbortController().signal,
    againMs: 1,
  });
  expect(versions).toEqual([]);
  expect(said.map((line) => JSON.parse(line))).toMatchObject([
    { level: 'error', msg: expect.stringContaining('is older, version 4') },
    { level: 'warn', msg: expect.stringContaining('is newer, version 6') },
  ]);
});

test('a worker that is stopped meanwhile waits no longer', async () => {
  const stop = new AbortController();
  await schemaIsReady({
    ledger: { schemaVersions: async () => ({ schemaVersion: 4, neededSchemaVersion: 5 }) },
    logger: pino({}, { write: () => stop.abort() }),
    shutdown: stop.signal,
    againMs: 3_600_000,
  });
});
