import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Ledger } from '@runledger/contracts';
import { ExecutionError } from '@runledger/contracts';
import { freePort, startTemporal } from '@runledger/local-stack';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { MonitorFixture } from './fixtures/monitor-fixture.ts';
import { startMonitorFixture } from './fixtures/monitor-fixture.ts';

let folder: string;
let port: number;
let dbFilename: string;
let fixture: MonitorFixture;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'runledger-outage-'));
  dbFilename = join(folder, 'temporal.db');
  port = await freePort();
  fixture = await startMonitorFixture({ dbFilename, port });
});
afterAll(async () => {
  await fixture?.[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

/** The real ledger, which can be made unreachable. */
function unreliable(ledger: Ledger): { ledger: Ledger; setAway(away: boolean): void } {
  let isAway = false;
  const refuse = () => Promise.reject(new ExecutionError('ledger_unavailable', 'connection refused'));
  const wrapped = Object.fromEntries(
    Object.entries(ledger).map(([name, method]: [string, (...args: unknown[]) => unknown]) => [
      name,
      (...args: unknown[]) => (isAway ? refuse() : method(...args)),
    ]),
  ) as unknown as Ledger;
  return {
    ledger: wrapped,
    setAway(away) {
      isAway = away;
    },
  };
}

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

describe('an outage ends by itself, without a restart of the monitor', () => {
  test('of the database: what ended meanwhile is recorded when it is back', async () => {
    const { ledger, setAway } = unreliable(fixture.ledger);
    await using _ = fixture.monitor({}, { ledger });
    const waiting = await fixture.start('waits');
    const beside = await fixture.start('waits', [], { taskQueue: 'nobody' });
    await sleep(500);
    setAway(true);
    await waiting.handle.signal('finish', 'meanwhile');
    await waiting.handle.result();
    const unseen = await fixture.start('returns', ['unseen']);
    await sleep(1_500);
    expect(await fixture.row(waiting.id)).toMatchObject({ status: 'running' });
    setAway(false);
    expect(await fixture.settled(waiting.id)).toMatchObject({ status: 'completed', output: 'meanwhile' });
    expect(await fixture.settled(unseen.id)).toMatchObject({ status: 'completed', output: 'unseen' });
    expect(await fixture.row(beside.id)).toMatchObject({ status: 'running' });
  });

  test('of the database does not keep a monitor from stopping, and what it held is recorded by the next', async () => {
    const { ledger, setAway } = unreliable(fixture.ledger);
    const monitor = fixture.monitor({ drainMs: 200 }, { ledger });
    const { id, handle } = await fixture.start('waits');
    await sleep(500);
    setAway(true);
    await handle.signal('finish', 'unheard');
    await handle.result();
    await sleep(500);
    await monitor[Symbol.asyncDispose]();
    expect(await fixture.row(id)).toMatchObject({ status: 'running' });
    await using _ = fixture.monitor();
    expect(await fixture.settled(id)).toMatchObject({ status: 'completed', output: 'unheard' });
  });

  test('of Temporal: nothing ends by it, and what ends afterwards is recorded', async () => {
    await using _ = fixture.monitor();
    const executions = await Promise.all(Array.from({ length: 5 }, () => fixture.start('waits')));
    await sleep(500);
    await fixture.temporal.kill();
    await sleep(2_500);
    for (const { id } of executions) expect(await fixture.row(id)).toMatchObject({ status: 'running' });

    await using _back = await startTemporal({ address: null, port, dbFilename });
    await Promise.all(executions.map(({ handle }) => handle.terminate('after the outage')));
    for (const { id } of executions) {
      expect(await fixture.settled(id)).toMatchObject({ status: 'terminated' });
      const ends = (await fixture.transitions(id)).filter(({ authority }) => authority === 'engine');
      expect(ends.map(({ to_status }) => to_status)).toEqual(['terminated']);
    }
    const later = await fixture.start('returns', ['later']);
    expect(await fixture.settled(later.id)).toMatchObject({ status: 'completed', output: 'later' });
  });
});
