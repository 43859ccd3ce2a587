import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Stack } from './fixtures/stack.ts';
import { startStack } from './fixtures/stack.ts';

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(async () => {
  await stack?.[Symbol.asyncDispose]();
});

const sql = (text: string, values: unknown[] = []) => stack.supabase.database.query<{ v: string }>(text, values);
const as = '--as failed --reason gone --actor ops';
const note = (id: string, health: 'live' | 'lost') =>
  stack.ledger.saveChecks([{ executionId: id, health, reason: null, remedy: null, nextCheckInMs: 1_000 }]);
async function lost(): Promise<string> {
  const id = await stack.recordUnknown();
  await note(id, 'lost');
  return id;
}

describe('runledger end', () => {
  test('ends what Temporal does not know, and says so of each; a second time nothing changes', async () => {
    const ids = [await lost(), await stack.recordUnknown()];
    const { code, stdout } = await stack.run(`end ${ids.join(' ')} ${as} --yes`, { COLUMNS: '160' });
    expect(code).toBe(0);
    for (const id of ids) expect(stdout).toMatch(new RegExp(`${id}.*ended as failed`));
    expect(stdout).toContain('✓ 2 executions ended.');
    for (const id of ids) {
      expect(await stack.service.getExecutionById(id)).toMatchObject({
        status: 'failed',
        errorMessage: 'gone',
        endedBy: 'ops',
        durationMs: null,
        lostAt: expect.any(String),
      });
    }
    const again = await stack.run(`end ${ids[0]} ${as} --yes`, { COLUMNS: '160' });
    expect([again.code, again.stdout]).toEqual([0, expect.stringContaining('was settled before, as failed')]);
  });

  test('only lists without --yes where nobody can be asked, and that is a finding', async () => {
    const id = await lost();
    const { code, stdout } = await stack.runAsProcess(`end ${id} ${as}`, { COLUMNS: '160' });
    expect(code).toBe(1);
    expect(stdout).toContain('1 execution would be ended as failed:');
    expect(stdout).toContain('Nothing was ended. Add --yes to end them.');
    expect(await stack.status(id)).toBe('running');
  });

  test('ends nothing that Temporal knows, whatever the last check found, nor what is no execution in Temporal', async () => {
    const { id } = await stack.record();
    await note(id, 'lost');
    const known = await stack.run(`end ${id} ${as} --yes`, { COLUMNS: '160' });
    expect([known.code, known.stdout]).toEqual([1, expect.stringContaining('Temporal knows it: running')]);
    expect(await stack.status(id)).toBe('running');
    const direct = await stack.recordDirect();
    const others = await stack.run(`end ${direct} ${randomUUID()} ${as} --yes`, { COLUMNS: '160' });
    expect(others.code).toBe(2);
    expect(others.stdout).toContain('does not run in Temporal');
    expect(others.stdout).toContain('there is no such execution');
  });

  test('takes all that are lost, by age', async () => {
    await stack.forgetAll();
    const [old, young, alive] = [await lost(), await lost(), await stack.record()];
    await sql(`alter table runledger.workflow_executions disable trigger user`);
    for (const [table, key] of [
      ['runledger.execution_checks', 'execution_id'],
      ['runledger.workflow_executions', 'id'],
    ])
      await sql(`update ${table} set started_at = now() - interval '40 days' where ${key} = $1`, [old]);
    await sql(`alter table runledger.workflow_executions enable trigger user`);
    const { code, stdout } = await stack.run(`end --lost --older-than 30d ${as} --yes --json`);
    expect(code).toBe(0);
    expect(JSON.parse(stdout).executions).toEqual([{ id: old, answer: 'ended', note: 'failed' }]);
    expect(await Promise.all([old, young, alive.id].map(stack.status))).toEqual(['failed', 'running', 'running']);
    const rest = await stack.run(`end --lost ${as} --yes`);
    expect([rest.code, rest.stdout]).toEqual([0, expect.stringContaining('✓ 1 execution ended.')]);
    const none = await stack.run(`end --lost ${as}`);
    expect([none.code, none.stdout]).toEqual([0, '✓ Nothing is lost.\n']);
  });

  test('goes through more than a page', async () => {
    await stack.forgetAll();
    for (let n = 0; n < 105; n += 1) await lost();
    const { code, stdout } = await stack.run(`end --lost ${as} --yes`);
    expect([code, stdout.split('\n').at(-2)]).toEqual([0, '✓ 105 executions ended.']);
  });

  test('takes everything unsettled of a namespace that Temporal does not have', async () => {
    const id = await stack.recordUnknown();
    await sql(`alter table runledger.workflow_executions disable trigger user`);
    await sql(`update runledger.workflow_executions set temporal_namespace = 'closed-shop' where id = $1`, [id]);
    await sql(`alter table runledger.workflow_executions enable trigger user`);
    await sql(
      `update runledger.execution_checks set temporal_namespace = 'closed-shop', next_check_at = now() - interval '5 minutes'
        where execution_id = $1`,
      [id],
    );
    const named = await stack.run('status');
    expect(named.code).toBe(1);
    expect(named.stdout.replace(/\s+/g, ' ')).toContain(
      'The namespace closed-shop has unsettled executions and no monitor',
    );
    const doctor = await stack.run('doctor', { COLUMNS: '300' });
    expect(doctor.stderr).toBe('');
    expect(doctor.stdout).toContain('✗ Namespaces: The namespace closed-shop has');
    const explained = await stack.run(`explain ${id}`, { COLUMNS: '300' });
    expect(explained.stdout).toContain('✗ No monitor follows the namespace closed-shop');
    const { code } = await stack.run(`end --lost -n closed-shop ${as} --yes`);
    expect([code, await stack.status(id)]).toEqual([0, 'failed']);
    expect((await stack.run('status')).stdout).not.toContain('closed-shop');
  });

  test('needs to be told which, how and why', async () => {
    for (const line of [
      'end',
      `end ${as}`,
      `end --lost x ${as}`,
      'end --lost --as gone --reason x',
      'end x --as failed',
    ])
      expect((await stack.run(line)).code).toBe(2);
    expect((await stack.run(`end x --older-than 3d ${as}`)).code).toBe(2);
  });

  test('what was ended gives way when Temporal knows better, by a reconcile', async () => {
    const { id, workflowId, runId, handle } = await stack.record();
    // Ended while the server with its data was away.
    await note(id, 'lost');
    await stack.ledger.endLost([{ executionId: id, status: 'failed', reason: 'gone', actor: 'ops' }]);
    expect((await stack.run(`explain ${id}`)).stdout).toContain('Temporal says running');
    expect((await stack.run(`reconcile --execution ${id}`)).code).toBe(0);
    expect(await stack.service.getExecution(workflowId)).toMatchObject({
      status: 'running',
      lostAt: null,
      endedBy: null,
    });
    await handle.terminate('enough');
    await stack.run(`reconcile --execution ${id}`);
    expect(await stack.service.getExecutionById(id)).toMatchObject({
      status: 'terminated',
      outcomeAuthority: 'engine',
      closingRunId: runId,
      durationMs: expect.any(Number),
    });
  });

  test('explain shows what was ended as settled, by whom', async () => {
    const id = await lost();
    await stack.run(`end ${id} ${as} --yes`);
    const { code, stdout } = await stack.run(`explain ${id}`, { COLUMNS: '160' });
    expect(code).toBe(0);
    expect(stdout).toMatch(/^failed, as ops said: Temporal does not know it\n {2}gone\n/);
    expect(stdout).toContain('ended by   ops\n');
    expect(stdout).toContain('✓ Temporal does not know it, and it is settled by what was said of its end.');
  });
});

test('runledger reconcile --accept-lost notes what Temporal does not know as lost, so that a monitor does not alarm', async () => {
  await stack.forgetAll();
  const id = await stack.recordUnknown();
  await note(id, 'live');
  expect((await stack.run('reconcile --accept-lost --dry-run')).code).toBe(1);
  expect((await stack.ledger.story(id))?.health?.health).toBe('live');
  expect((await stack.run('reconcile --accept-lost')).code).toBe(1);
  const [row] = await stack.ledger.unsettledByIds('default', [id]);
  expect(row?.health).toBe('lost');
});
