import { stripVTControlCharacters } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { proof } from './fixtures/proof.ts';
import { runledgerHere } from './fixtures/runledger.ts';
import type { Stack } from './fixtures/stack.ts';
import { startStack } from './fixtures/stack.ts';

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(async () => {
  await stack?.[Symbol.asyncDispose]();
});

const publish = (more: Parameters<typeof proof>[0] = {}) => stack.ledger.publishProof('default', proof(more));

describe('runledger status', () => {
  test('asks for the worker where no monitor has published anything', async () => {
    const { code, stdout } = await stack.run('status --namespace nobody-follows-it');
    expect(code).toBe(1);
    expect(stdout).toBe('✗ No monitor has published anything for this namespace: is the worker running?\n');
  });

  test('looks at every namespace of the environment, and finds the one that is not followed', async () => {
    await stack.ledger.publishProof('shop', proof());
    const several = { TEMPORAL_NAMESPACE: 'shop,billing' };
    const { code, stdout } = await stack.run('status', several);
    expect(code).toBe(1);
    expect(stdout).toMatch(/^shop\n✓ 0 of 412 open executions[\s\S]*\nbilling\n✗ No monitor has published anything/);
    const { stdout: json } = await stack.run('status --json', several);
    expect(JSON.parse(json)).toMatchObject({
      ...{ ok: false, problems: [] },
      namespaces: [
        { namespace: 'shop', ok: true },
        { namespace: 'billing', ok: false, proof: null },
      ],
    });
    expect((await stack.run('status -n shop', several)).code).toBe(0);
    const reconcile = await stack.run('reconcile', several);
    expect([reconcile.code, reconcile.stderr]).toEqual([2, expect.stringContaining('-n shop or -n billing')]);
  });

  test('says so where a monitor of another version has published', async () => {
    const older = { at: new Date().toISOString(), unsettled: 3 } as unknown as ReturnType<typeof proof>;
    await stack.ledger.publishProof('older', older);
    const { code, stdout } = await stack.run('status -n older');
    expect([code, stdout]).toEqual([1, expect.stringContaining('✗ The monitor that published is of another version')]);
  });

  test('shows a proof that all is well, and is fine', async () => {
    // In minutes, so that a busy machine shows no other number.
    await publish({ oldestCheckAgeMs: 41 * 60_000 });
    const { code, stdout, stderr } = await stack.runAsProcess('status');
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^✓ 0 of 412 open executions diverge; oldest check 4[1-5] min ago\.\n/);
    expect(stdout).toMatch(/^ {2}live {8}400 {2}running as it should$/m);
    expect(stdout).toMatch(/^ {2}wedged {8}3 {2}/m);
    expect(stdout).not.toContain('lost');
    expect(stdout).toMatch(/^ {2}watch +1,204 +12 ms +48 ms +130 ms +2\.4 s$/m);
    expect(stdout).toContain('by            4711@worker-1, version 1, started 2 h');
    expect(stdout).toContain('412 executions by long polls, at most 800');
  });

  test('finds a divergence, an alarm and a monitor that has gone quiet', async () => {
    const at = new Date(Date.now() - 700_000).toISOString();
    await publish({ diverging: 1, alarm: 'Temporal knows hardly any of the executions', at });
    const { code, stdout } = await stack.run('status');
    expect(code).toBe(1);
    expect(stdout).toMatch(/^✗ 1 of 412 open executions diverges; oldest check 12 min/);
    expect(stdout).toContain('✗ Alarm: Temporal knows hardly any of the executions');
    expect(stdout).toMatch(/✗ This was published 12 min ago, and is to come every 5 min: is the worker/);
    expect(stdout).toContain('✗ 1 execution differs from Temporal and could not be repaired');
  });

  test('says since when Temporal throttles a feed, and what the reconciler had to repair', async () => {
    const throttledSince = new Date(Date.now() - 125_000).toISOString();
    const { monitor } = proof();
    await publish({
      diverged: 2,
      feedMissRate: 0.015,
      corrected: { watch: 3 },
      monitor: { ...monitor, closureFeed: { everyMs: 4_000, readAt: null, throttledSince, watermark: null } },
    });
    const { code, stdout } = await stack.run('status');
    expect(code).toBe(0);
    expect(stdout).toMatch(/closure feed {2}throttled by Temporal since 2\.1 min; every 4 s, has read nothing yet/);
    expect(stdout).toContain('1.5 % of them were found by the reconciler only: above the usual 1 %.');
    expect(stdout).toContain('Temporal throttles the feeds, as said below.');
    expect(stdout).toContain('3 reports contradicted by Temporal');
    expect(stdout).toContain('2 rows found to differ from Temporal, and repaired');
  });

  test('tells 95 of 100 from 20 ends on, 99 of 100 from 100, and a usual part of the reconciler’s as usual', async () => {
    const lag = { p50Ms: 10, p95Ms: 20, p99Ms: 30, maxMs: 40 };
    await publish({
      feedMissRate: 0.01,
      recorded: { watch: { ...lag, count: 100 }, feed: { ...lag, count: 99 }, reconciler: { ...lag, count: 19 } },
    });
    const { stdout } = await stack.run('status');
    expect(stdout).toMatch(/^ {2}watch +100 +10 ms +20 ms +30 ms +40 ms$/m);
    expect(stdout).toMatch(/^ {2}feed +99 +10 ms +20 ms +– +40 ms$/m);
    expect(stdout).toMatch(/^ {2}reconciler +19 +– +– +– +40 ms$/m);
    expect(stdout).toContain('1.0 % of them were found by the reconciler only: no more than usual\n');
  });

  test('a quiet namespace has no tables of zeros', async () => {
    const health = { live: 0, late: 0, wedged: 0, cancelling: 0, lost: 0 };
    await publish({ open: 0, health, oldestCheckAt: null, oldestCheckAgeMs: null, recorded: {}, feedMissRate: null });
    const { code, stdout } = await stack.run('status');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^✓ No execution is open\.\n\nEnds recorded in the last hour\n {2}none\n\nMonitor\n/);
  });

  test('fits the width that it is given, and colours a pipe only on request', async () => {
    const broughtParts = { runs: 1_234, 'engine start': 1_234, 'first task': 1_234, 'cancel request': 1_234 };
    await publish({ alarm: 'word '.repeat(60), broughtParts, feedMissRate: 0.5 });
    for (const COLUMNS of ['80', '120']) {
      const { stdout } = await stack.run('status', { COLUMNS });
      expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(Number(COLUMNS));
      const { stdout: coloured } = await stack.runAsProcess('status', { COLUMNS, FORCE_COLOR: '1' });
      expect(coloured).toContain('\u001b[31m✗');
      expect(stripVTControlCharacters(coloured).split('\n').length).toBe(stdout.split('\n').length);
    }
    expect((await stack.runAsProcess('status', { FORCE_COLOR: '1', NO_COLOR: '1' })).stdout).not.toContain('\u001b[');
  });

  test('what a stranger wrote cannot steer the terminal', async () => {
    await publish({ alarm: '\u001b[2Jgone\u0007\nnext' });
    const { stdout } = await stack.run('status');
    expect(stdout).toContain('✗ Alarm: gone next\n');
    for (const control of ['\u001b', '\u0007']) expect(stdout).not.toContain(control);
  });

  test('looks again and again until it is told to end, and answers what it saw last', async () => {
    await publish();
    const ending = new AbortController();
    let shown = '';
    const watching = runledgerHere(['status', '--watch', '--every', '1s'], stack.variables, {
      ending: () => ending.signal,
      onText(text) {
        shown += text;
      },
    });
    // The second look finds what has changed since the first.
    await expect.poll(() => shown).toContain('✓ 0 of 412');
    await publish({ alarm: 'stop' });
    await expect.poll(() => shown).toContain('✗ Alarm: stop');
    ending.abort();
    expect((await watching).code).toBe(1);
    expect(await stack.run('status --watch --every soon')).toMatchObject({ code: 2, stdout: '' });
    expect(await stack.run('status --watch --json')).toMatchObject({ code: 2 });
  });

  test('gives scripts the whole proof as JSON, with the same exit code', async () => {
    await publish({ alarm: 'stop' });
    const { code, stdout } = await stack.run('status --json');
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      namespace: 'default',
      ok: false,
      problems: ['Alarm: stop'],
      proof: { open: 412 },
    });
  });
});
