import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Stack } from './fixtures/stack.ts';
import { startStack } from './fixtures/stack.ts';

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterEach(() => stack.forgetAll());
afterAll(async () => {
  await stack?.[Symbol.asyncDispose]();
});

describe('runledger reconcile', () => {
  test('has nothing to ask about where nothing is open', async () => {
    const { code, stdout } = await stack.run('reconcile');
    expect([code, stdout]).toEqual([0, '✓ No execution is open; there was nothing to ask about.\n']);
  });

  test('shows what differs without touching it, repairs it when told to, and then finds nothing', async () => {
    const [ended, open] = [await stack.record(), await stack.record()];
    await ended.handle.terminate('runaway');

    const dry = await stack.run('reconcile --dry-run');
    expect(dry.code).toBe(1);
    expect(dry.stdout).toContain(`${ended.id}  ${ended.workflowId}\n`);
    expect(dry.stdout).toContain(`  ledger says    running, run ${ended.runId}\n`);
    expect(dry.stdout).toMatch(/ {2}Temporal says {2}terminated at .* UTC, run\n {17}[\w-]+: Terminated: runaway/);
    expect(dry.stdout).toContain('  would be repaired\n');
    expect(dry.stdout).not.toContain(open.id);
    expect(dry.stdout).toMatch(/✗ 2 executions asked about; 1 differed, none repaired \(dry run\); 1 lacked a part/);
    expect(await stack.status(ended.id)).toBe('running');

    const real = await stack.run('reconcile');
    expect(real.code).toBe(0);
    expect(real.stdout).toContain('  repaired\n');
    expect(real.stdout).toMatch(
      /✓ 2 executions asked about; 1 differed, 1 repaired; 1 lacked a part, 1 completed\.\n$/,
    );
    expect(await stack.status(ended.id)).toBe('terminated');
    expect(await stack.status(open.id)).toBe('running');

    const again = await stack.run('reconcile');
    expect([again.code, again.stdout]).toEqual([0, '✓ 1 execution asked about; none differed.\n']);
  });

  test('asks about one execution, also one that is settled, and leaves the others', async () => {
    const [one, other] = [await stack.record(), await stack.record()];
    await Promise.all([one.handle.terminate(), other.handle.terminate()]);
    const { code, stdout } = await stack.run(`reconcile --execution ${one.workflowId}`);
    expect([code, stdout]).toEqual([0, expect.stringMatching(/1 execution asked about; 1 differed, 1 repaired/)]);
    expect([await stack.status(one.id), await stack.status(other.id)]).toEqual(['terminated', 'running']);
    const settled = await stack.run(`reconcile -e ${one.id}`);
    expect([settled.code, settled.stdout]).toEqual([0, '✓ 1 execution asked about; none differed.\n']);
  });

  test('a report that Temporal confirms is no difference', async () => {
    const { id, handle } = await stack.record();
    await handle.terminate('enough');
    await stack.service.markTerminated(id, 'enough');
    const dry = await stack.run('reconcile --dry-run --json');
    expect([dry.code, JSON.parse(dry.stdout)]).toEqual([
      0,
      expect.objectContaining({ checked: 1, differing: 0, confirmed: 1, repaired: 0 }),
    ]);
    expect((await stack.run('reconcile')).stdout).toContain('  confirmed\n');
    expect((await stack.service.getExecutionById(id))?.outcomeAuthority).toBe('engine');
  });

  test('what Temporal does not know is a finding that nothing can repair', async () => {
    const id = await stack.recordUnknown();
    const { code, stdout } = await stack.run('reconcile');
    expect(code).toBe(1);
    expect(stdout).toContain('  cannot be repaired\n');
    expect(stdout).toMatch(/✗ 1 execution asked about; none differed; 1 unknown to Temporal\.\n$/);
    expect(await stack.status(id)).toBe('running');
  });

  test('goes through many pages', async () => {
    const { supabase } = stack;
    await supabase.database.query(
      `insert into runledger.workflow_executions (workflow_id, created_by, temporal_namespace, temporal_workflow_id, temporal_run_id, started_at)
       select (select id from runledger.workflows limit 1), 'anna', 'default', 'many-' || n, gen_random_uuid()::text,
              now() - interval '1 minute' from generate_series(1, 450) n`,
    );
    const { code, stdout } = await stack.run('reconcile --dry-run --json');
    const { checked, unknown, findings } = JSON.parse(stdout);
    expect([code, checked, unknown, findings.length]).toEqual([1, 450, 450, 450]);
  });

  test('refuses an id that names nothing, and one that no engine runs', async () => {
    const nothing = await stack.run('reconcile --execution nothing');
    expect([nothing.code, nothing.stdout]).toEqual([2, '']);
    expect(nothing.stderr).toContain('There is no execution with the row id or workflow id "nothing"');
    const direct = await stack.run(`reconcile --execution ${await stack.recordDirect()}`);
    expect([direct.code, direct.stderr]).toEqual([2, expect.stringContaining('is direct')]);
  });
});
