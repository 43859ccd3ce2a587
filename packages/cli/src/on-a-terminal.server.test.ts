/** The command on a real terminal: what it leaves behind there, and what it says while it waits. */
import { fileURLToPath } from 'node:url';
import { startTcpProxy } from '@runledger/local-stack';
import type { OpenTerminal } from '@runledger/terminal';
import { openTerminal } from '@runledger/terminal';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { proof } from './fixtures/proof.ts';
import type { Stack } from './fixtures/stack.ts';
import { startStack } from './fixtures/stack.ts';

const MAIN = fileURLToPath(new URL('./main.ts', import.meta.url));
const CTRL_C = '\u0003';

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
  for (let row = 0; row < 12; row++) await stack.recordDirect();
});
afterAll(async () => {
  await stack?.[Symbol.asyncDispose]();
});

/** In a shell, which tells afterwards how it has got its terminal back. */
function shell(
  command: string,
  variables: Record<string, string> = {},
  size = { columns: 80, rows: 24 },
): OpenTerminal {
  const line = `echo before; "${process.execPath}" "${MAIN}" ${command}; echo "code $?"; stty -a`;
  const shown = openTerminal('/bin/sh', ['-c', line], { ...size, env: { ...stack.variables, ...variables } });
  onTestFinished(async () => {
    shown.kill('SIGKILL');
    await shown.ended;
  });
  return shown;
}

describe('runledger top', () => {
  test('draws over what was there, follows the size of its terminal, and q gives everything back', async () => {
    const shown = shell('top');
    await expect.poll(shown.screen).toMatch(/^12 open/);
    expect([shown.isOverlaid(), shown.isCursorShown()]).toEqual([true, false]);
    expect(shown.screen().split('\n')).toHaveLength(16);

    shown.resize(110, 10);
    await expect.poll(() => shown.screen().split('\n').length).toBe(10);
    await expect.poll(shown.screen).toContain('o opens the page · a open only · q quits');
    shown.resize(40, 30);
    await expect.poll(() => shown.screen().split('\n').length).toBe(16);
    expect(
      Math.max(
        ...shown
          .screen()
          .split('\n')
          .map((line) => line.length),
      ),
    ).toBeLessThanOrEqual(40);

    shown.press('q');
    await shown.ended;
    expect([shown.isOverlaid(), shown.isCursorShown()]).toEqual([false, true]);
    expect(shown.everything()).toMatch(/^before\ncode 0\n/);
    expect(shown.everything()).not.toMatch(/-icanon|-echo\b|-isig/);
  });

  test('gives everything back after Ctrl-C too', async () => {
    const shown = shell('top');
    await expect.poll(shown.screen).toMatch(/^12 open/);
    shown.press(CTRL_C);
    await shown.ended;
    expect([shown.isOverlaid(), shown.isCursorShown()]).toEqual([false, true]);
    expect(shown.everything()).toMatch(/^before\ncode 0\n/);
    expect(shown.everything()).not.toMatch(/-icanon|-echo\b|-isig/);
  });
});

describe('runledger status', () => {
  const throughProxy = async () => {
    const proxy = await startTcpProxy({ target: new URL(stack.supabase.url).host });
    onTestFinished(() => proxy.stop());
    return { proxy, variables: { SUPABASE_URL: `http://${proxy.address}` } };
  };

  test('says that it asks while an answer takes long, and nothing of that once it has come', async () => {
    await stack.ledger.publishProof('default', proof());
    const { proxy, variables } = await throughProxy();
    proxy.stall();
    const shown = shell('status', variables);
    await expect.poll(shown.screen).toBe('before\nasking …');
    proxy.restore();
    await shown.ended;
    expect(shown.everything()).toMatch(/^before\n✓ 0 of 412 open executions diverge/);
    expect(shown.everything()).not.toContain('asking');
  });

  test('says nothing of that where its errors go to a file', async () => {
    await stack.ledger.publishProof('default', proof());
    const { proxy, variables } = await throughProxy();
    proxy.slow({ latencyMs: 500 });
    const shown = shell('status 2>/dev/stdout | cat', variables);
    await shown.ended;
    expect(shown.everything()).toMatch(/^before\n✓ 0 of 412 open executions diverge/);
  });
});
