import { stripVTControlCharacters } from 'node:util';
import { startTcpProxy } from '@runledger/local-stack';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { proof } from './fixtures/proof.ts';
import type { Stack } from './fixtures/stack.ts';
import { startStack } from './fixtures/stack.ts';
import type { OnTerminal } from './fixtures/terminal.ts';
import { runOnTerminal } from './fixtures/terminal.ts';

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(async () => {
  await stack?.[Symbol.asyncDispose]();
});

/** The screen beside what was there, without a cursor; and back. */
const [ENTER_SCREEN, LEAVE_SCREEN] = ['\u001b[?1049h\u001b[?25l', '\u001b[?25h\u001b[?1049l'];
const [DOWN, ENTER] = ['\u001b[B', '\r'];

function top(args: string[] = [], variables: Record<string, string> = {}): OnTerminal {
  const ending = new AbortController();
  const shown = runOnTerminal(
    ['top', '--every', '1s', ...args],
    { ...stack.variables, ...variables },
    { signal: ending.signal },
  );
  onTestFinished(async () => {
    ending.abort();
    await shown.ended;
  });
  return shown;
}

describe('runledger top', () => {
  test('shows the newest of everybody as they change, and how all that are open stand', async () => {
    await stack.forgetAll();
    const { id, handle } = await stack.record();
    const shown = top();
    await expect.poll(shown.screen).toMatch(/^1 open · as of \d\d:\d\d:\d\d/);
    await expect.poll(shown.screen).toMatch(new RegExp(`▸ {2}running +Order +anna +\\d.* m?s +…${id.slice(-8)}`));
    await handle.terminate('runaway');
    await stack.run('reconcile');
    // Rows and counts are two readings.
    await expect.poll(shown.screen).toMatch(/^0 open.*terminated .*runaway/s);
    const found = { health: 'lost' as const, reason: 'Temporal does not know it', remedy: 'Say how it ended' };
    await stack.ledger.saveChecks([{ executionId: await stack.recordUnknown(), ...found, nextCheckInMs: 3_600_000 }]);
    await expect.poll(shown.screen).toMatch(/lost .*Temporal does not know it/);
  });

  test('goes to the row of the keys, and Enter tells its story where one can read it afterwards', async () => {
    await stack.forgetAll();
    const { id } = await stack.record();
    await stack.record();
    const shown = top();
    await expect.poll(shown.screen).toContain('2 open');
    expect(shown.isRaw()).toBe(true);
    shown.press(DOWN);
    await expect.poll(shown.screen).toMatch(new RegExp(`▸ .*…${id.slice(-8)}`));
    shown.press(ENTER);
    expect(await shown.ended).toBe(0);
    const [, after] = shown.written().split(LEAVE_SCREEN);
    expect(stripVTControlCharacters(after ?? '')).toContain(`execution  ${id}\n`);
  });

  test.each(['q', '\u0003'])('leaves the screen as it was after %j', async (key) => {
    const shown = top(['--open']);
    await expect.poll(shown.screen).toContain('open');
    shown.press(key);
    expect(await shown.ended).toBe(0);
    expect(shown.isRaw()).toBe(false);
    const [drawn, after, ...more] = shown.written().split(LEAVE_SCREEN);
    expect([drawn?.startsWith(ENTER_SCREEN), stripVTControlCharacters(after ?? '?').trim(), more]).toEqual([
      true,
      '',
      [],
    ]);
  });

  test('a changes what it shows, and fits whatever terminal there is', async () => {
    await stack.forgetAll();
    const { handle } = await stack.record();
    await handle.terminate('enough');
    await stack.run('reconcile');
    const shown = top();
    await expect.poll(shown.screen).toContain('terminated');
    shown.press('a');
    await expect.poll(shown.screen).toContain('None.');
    expect(shown.screen().split('\r\n').length).toBeLessThanOrEqual(24);
  });

  test('without a terminal it says so, and what one calls instead', async () => {
    const { code, stderr, stdout } = await stack.run('top');
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain('This needs a terminal, and here is none. Call `runledger status`');
    expect((await stack.run('top --json')).code).toBe(2);
  });
});

describe('while the ledger is away', () => {
  async function throughProxy() {
    const proxy = await startTcpProxy({ target: new URL(stack.supabase.url).host });
    onTestFinished(() => proxy.stop());
    return { proxy, variables: { SUPABASE_URL: `http://${proxy.address}` } };
  }

  test('top keeps what it saw, says since when, and goes on', async () => {
    const { proxy, variables } = await throughProxy();
    await stack.record();
    const shown = top([], variables);
    await expect.poll(shown.screen).toMatch(/running +Order/);
    proxy.cut();
    await expect.poll(shown.screen).toMatch(/^The ledger has been away for /);
    expect(shown.screen()).toMatch(/running +Order/);
    proxy.restore();
    await expect.poll(shown.screen).toMatch(/^\d+ open/);
  });

  test('status --watch shows what it saw last and since when, and answers 3 if it ends then', async () => {
    const { proxy, variables } = await throughProxy();
    await stack.ledger.publishProof('default', proof());
    const ending = new AbortController();
    const shown = runOnTerminal(
      ['status', '--watch', '--every', '1s'],
      { ...stack.variables, ...variables },
      { signal: ending.signal },
    );
    await expect.poll(shown.screen).toContain('✓ 0 of 412');
    proxy.cut();
    await expect.poll(shown.screen).toMatch(/✗ Nothing could be read since \d\d:\d\d:\d\d, for /);
    expect(shown.screen()).toContain('0 of 412');
    proxy.restore();
    await expect.poll(shown.screen).not.toContain('Nothing could be read');
    proxy.cut();
    await expect.poll(shown.screen).toContain('Nothing could be read');
    ending.abort();
    expect(await shown.ended).toBe(3);
  });
});
