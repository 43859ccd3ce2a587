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

describe('runledger explain', () => {
  test('tells what happened, when and by whom, and that Temporal agrees', async () => {
    const { id, workflowId, runId, handle } = await stack.record();
    await handle.terminate('runaway');
    await stack.run('reconcile');
    for (const name of [id, workflowId]) {
      const { code, stdout } = await stack.run(`explain ${name}`, { COLUMNS: '160' });
      expect(code).toBe(0);
      expect(stdout).toMatch(/^terminated\n {2}Terminated: runaway\n/);
      expect(stdout).toContain(`execution  ${id}\n`);
      expect(stdout).toContain('workflow   Order\n');
      expect(stdout).toContain('user       anna\n');
      expect(stdout).toContain(`temporal   default / ${workflowId}\n`);
      expect(stdout).toContain('✓ Temporal agrees: it says terminated.\n');
      expect(stdout).toMatch(/new → running +service/);
      expect(stdout).toMatch(/running → terminated {2}reconciler +by .*, runaway/);
      expect(stdout).toMatch(new RegExp(`start +terminated +${runId}`));
    }
  });

  test('says what Temporal says where it differs, and where it knows nothing', async () => {
    const { id, handle } = await stack.record();
    await handle.terminate('runaway');
    const differs = await stack.run(`explain ${id}`);
    expect(differs.code).toBe(1);
    expect(differs.stdout).toMatch(/^running\n/);
    expect(differs.stdout).toContain('✗ Temporal says terminated (run ');
    const unknown = await stack.run(`explain ${await stack.recordUnknown()}`);
    expect([unknown.code, unknown.stdout]).toEqual([1, expect.stringContaining('✗ Temporal does not know it: ')]);
  });

  test('shows a report and that it is to be confirmed', async () => {
    const { id, handle } = await stack.record();
    await handle.terminate('enough');
    await stack.service.markTerminated(id, 'enough', undefined, { actor: 'worker-7' });
    const { code, stdout } = await stack.run(`explain ${id}`);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^terminated by a report, to be confirmed by Temporal\n/);
    expect(stdout).toMatch(/Reports\n.* {2}terminated {2}applied {2}by worker-7\n/);
    expect(stdout).toContain('✓ Temporal says terminated too; the ledger is about to note that.');
  });

  test('runledger ui gives its address on the page, by its id and by its workflow id', async () => {
    const { id, workflowId } = await stack.record();
    const page = { RUNLEDGER_DASHBOARD_URL: 'https://app.example.com/runs' };
    const address = `https://app.example.com/runs/executions/${id}`;
    for (const name of [id, workflowId])
      expect(await stack.run(`ui ${name}`, page)).toMatchObject({ code: 0, stdout: `${address}\n`, stderr: '' });
    const json = await stack.run(`ui ${id} --json --url http://127.0.0.1:54330`, page);
    expect(JSON.parse(json.stdout)).toEqual({ url: `http://127.0.0.1:54330/executions/${id}` });
    expect((await stack.run('ui', page)).stdout).toBe('https://app.example.com/runs/\n');
    expect(await stack.run('ui nobody', page)).toMatchObject({ code: 2, stdout: '' });
    const nowhere = await stack.run(`ui ${id}`);
    expect([nowhere.code, nowhere.stderr]).toEqual([2, expect.stringContaining('RUNLEDGER_DASHBOARD_URL')]);
  });

  test('keeps payloads to itself unless they are asked for, in text and in JSON', async () => {
    const { id } = await stack.record({ card: '4111-1111' });
    for (const line of [`explain ${id}`, `explain ${id} --json`]) {
      expect((await stack.run(line)).stdout).not.toContain('4111-1111');
      expect((await stack.run(`${line} --payloads`)).stdout).toContain('"card": "4111-1111"');
    }
    const { stdout } = await stack.run(`explain ${id} --json`);
    expect(JSON.parse(stdout)).toMatchObject({
      workflowName: 'Order',
      execution: { id, status: 'running', input: null },
      // No monitor has looked yet: the status is right, and what Temporal has beside it is named.
      engineNow: { status: 'running', comparison: { kind: 'lacks', parts: ['engine start'] } },
    });
  });

  test('tells what the ledger knows while Temporal is away, and says that it is', async () => {
    const { id } = await stack.record();
    const { code, stdout } = await stack.run(`explain ${id}`, { TEMPORAL_ADDRESS: '127.0.0.1:1' });
    expect(code).toBe(3);
    expect(stdout).toContain(`execution  ${id}\n`);
    expect(stdout).toContain('✗ Temporal could not be asked: ');
  });

  test('tells a direct execution without asking Temporal', async () => {
    const { code, stdout } = await stack.run(`explain ${await stack.recordDirect()}`);
    expect(code).toBe(0);
    expect(stdout).toContain('engine     direct: the application reports it\n');
    expect(stdout).not.toContain('Temporal agrees');
  });

  test('shows the steps of an execution, with what failed on the way and what was not kept', async () => {
    const { id, runId, handle } = await stack.record();
    await handle.terminate('enough');
    await stack.run('reconcile');
    const at = '2026-11-21T09:00:00Z';
    const step = { kind: 'activity', runId, scheduledAt: at, startedAt: at, endedAt: '2026-11-21T09:00:02Z' } as const;
    const failure = { type: 'StockError', message: 'the warehouse did not answer in time' };
    const pending = (await stack.ledger.pendingTimelines('default', 100)).find(({ executionId }) => executionId === id);
    if (!pending) throw new Error('no timeline is pending');
    const timeline = {
      state: 'cut' as const,
      steps: [
        { ...step, name: 'reserveStock', status: 'completed' as const, attempts: 3, failure },
        {
          ...step,
          name: 'chargeCard',
          status: 'failed' as const,
          attempts: 1,
          failure: { type: null, message: 'declined' },
        },
      ],
      omitted: { activity: 3 },
      activitiesExecuted: 5,
    };
    await stack.ledger.saveTimelines([{ pending, timeline }]);
    const { stdout } = await stack.run(`explain ${id}`, { COLUMNS: '100' });
    expect(stdout).toContain(
      [
        'Steps (2)',
        '  09:00:00.000  activity  reserveStock  completed after 3 attempts  2 s',
        '      the warehouse did not answer in time',
        '  09:00:00.000  activity  chargeCard    failed                      2 s  declined',
        '  and 3 activity steps that were not kept',
      ].join('\n'),
    );
    const wide = await stack.run(`explain ${id}`, { COLUMNS: '140', TZ: 'Asia/Kolkata' });
    expect(wide.stdout).toMatch(/^ {2}▇+ +14:30:00\.000 {2}activity {2}reserveStock/m);
  });

  test('shows the steps of one that runs, as Temporal has them now', async () => {
    const { id, handle } = await stack.record();
    await handle.signal('hurry');
    const { code, stdout } = await stack.run(`explain ${id}`, { COLUMNS: '140' });
    expect(code).toBe(0);
    expect(stdout).toMatch(/^Steps \(1\), read from Temporal just now\n {2} *◆ *.*signal {2}hurry {2}received/m);
  });

  test('tells times where its reader is, or in UTC, people by their names, and how late an end was known', async () => {
    const { id, handle } = await stack.record();
    await handle.terminate('enough');
    await stack.run('reconcile');
    // As a host does whose names are elsewhere.
    await stack.supabase.database.query(`create or replace function runledger_private.user_name(p_user_id text)
      returns text language sql stable set search_path = '' as $$ select initcap(p_user_id) $$`);
    const here = await stack.run(`explain ${id}`, { TZ: 'Asia/Kolkata' });
    expect(here.stdout).toContain('user       Anna\n');
    expect(here.stdout).toMatch(
      /asked for {2}\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3} Asia\/(Kolkata|Calcutta), \d+.* ago\n/,
    );
    expect(here.stdout).toMatch(/running → terminated.*\n?.*\d+ m?s after the end/);
    const utc = await stack.run(`explain ${id} --utc`, { TZ: 'Asia/Kolkata' });
    expect(utc.stdout).toContain('What happened (UTC)');
    expect(JSON.parse((await stack.run(`explain ${id} --json`)).stdout).execution.createdBy).toBe('anna');
  });

  test('finds one of the newest by the end of its id, and says where several end like that', async () => {
    const { id } = await stack.record();
    for (const end of [`…${id.slice(-8)}`, id.slice(-12)])
      expect((await stack.run(`explain ${end}`)).stdout).toContain(`execution  ${id}\n`);
    const nobody = await stack.run('explain …00000000');
    expect([nobody.code, nobody.stderr]).toEqual([2, expect.stringContaining('among the newest 200')]);
    await stack.supabase.database.query(
      `insert into runledger.workflow_executions (id, workflow_id, created_by, engine, status, started_at)
       select v.id::uuid, e.workflow_id, 'anna', 'none', 'running', now() from runledger.workflow_executions e,
         (values ('0199d8f0-0000-7000-8000-00000000beef'), ('0199d8f1-0000-7000-8000-00000000beef')) v (id)
        where e.id = $1`,
      [id],
    );
    const several = await stack.run('explain …beef');
    expect([several.code, several.stderr]).toEqual([2, expect.stringContaining('Several ids end with "beef"')]);
  });

  test('says how many others failed like it, since when, and the command that lists them', async () => {
    await stack.forgetAll();
    const declined = Array.from({ length: 3 }, () => stack.recordDirect());
    const [id, ...others] = await Promise.all(declined);
    const alone = await stack.recordDirect();
    for (const one of [id, ...others]) await stack.service.markFailed(one as string, new Error('card 4242 declined'));
    await stack.service.markFailed(alone, new Error('no such account'));
    const { stdout } = await stack.run(`explain ${id}`);
    expect(stdout).toMatch(/^2 others failed like this since \d\d:\d\d:$/m);
    const [, workflow, filter] = /runledger export --workflow (\S+) \\\n +--filter "([^"]+)"/.exec(stdout) ?? [];
    const listed = await stack.run(`export --workflow ${workflow} --filter ${filter} --format ndjson`);
    const ids = listed.stdout
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as { id: string }).id);
    expect(ids.toSorted()).toEqual([id, ...others].toSorted());
    expect((await stack.run(`explain ${alone}`)).stdout).not.toContain('failed like this');
    expect(JSON.parse((await stack.run(`explain ${id} --json`)).stdout).alike).toMatchObject({ others: 2 });
  });

  test('ends with what one types next, in whole', async () => {
    const { id, workflowId } = await stack.record();
    const { stdout } = await stack.run(`explain ${id}`, { COLUMNS: '80' });
    const next = stdout.slice(stdout.indexOf('\nNext\n')).replaceAll(' \\\n   ', '');
    expect(next.split('\n').slice(2, -1)).toEqual([
      `  runledger reconcile --execution ${id}`,
      `  runledger ui ${id}`,
      `  temporal workflow show --namespace default --workflow-id ${workflowId}`,
    ]);
  });

  test('fits 80 columns', async () => {
    const { id, handle } = await stack.record();
    await handle.terminate('a reason of many words '.repeat(20));
    await stack.run('reconcile');
    const { stdout } = await stack.run(`explain ${id}`, { COLUMNS: '80' });
    expect(stdout.split('\n').filter((line) => line.length > 80)).toEqual([]);
  });
});
