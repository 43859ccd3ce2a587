import { PassThrough, Writable } from 'node:stream';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Stack } from './fixtures/stack.ts';
import { startStack } from './fixtures/stack.ts';
import { runProgram } from './run-program.ts';

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
  await stack.supabase.database.query(
    `insert into runledger.workflow_executions (workflow_id, created_by, status, input, error_message, tags, started_at, completed_at)
     select (select id from runledger.workflows limit 1), 'anna', case when n % 2 = 0 then 'failed' else 'completed' end,
            jsonb_build_object('n', n), case when n % 2 = 0 then '=1+' || n end, '{vip}', now() - n * interval '1 hour', now()
       from generate_series(1, 450) n`,
  );
});
afterAll(() => stack?.[Symbol.asyncDispose]());

test('a filter’s executions are written page after page, as CSV without formulas', async () => {
  const { code, stdout, stderr } = await stack.run('export --user anna --filter status=failed&tag=vip&from=-30d');
  expect([code, stderr]).toEqual([0, '']);
  const [header, ...lines] = stdout.trimEnd().split('\r\n');
  expect(header).toMatch(/^id,workflow,workflowId,createdBy,status,/);
  expect(lines).toHaveLength(225);
  expect(lines[0]).toMatch(/,Order,.*,anna,failed,reported,.*,'=1\+2,/);
});

test('everybody’s are written where that is said, and of several users theirs', async () => {
  const everyones = await stack.run('export --everyone --filter user=anna&user=nobody&status=failed&origin=unknown');
  expect([everyones.code, everyones.stderr]).toEqual([0, '']);
  expect(everyones.stdout.trimEnd().split('\r\n')).toHaveLength(226);
});

test('payloads come only where they are asked for', async () => {
  const line = 'export --user anna --filter to=-440h --format ndjson';
  const plain = await stack.run(line);
  expect(plain.stdout).not.toContain('"input"');
  const whole = (await stack.run(`${line} --payloads`)).stdout.trimEnd().split('\n');
  expect(whole.map((text) => JSON.parse(text).input.n).sort()).toEqual([
    440, 441, 442, 443, 444, 445, 446, 447, 448, 449, 450,
  ]);
});

test('one whose every page has to wait to be taken leaves no listener behind', async () => {
  let pages = 0;
  let listeners = 0;
  const stdout = new Writable({
    highWaterMark: 1,
    write(_, __, done) {
      pages += 1;
      listeners = Math.max(listeners, stdout.listenerCount('error'));
      setImmediate(done);
    },
  });
  const streams = { stdin: new PassThrough(), stdout, stderr: new PassThrough() };
  const args = ['export', '--user', 'anna', '--format', 'ndjson'];
  expect(await runProgram(args, { env: stack.variables, ...streams })).toBe(0);
  expect(pages).toBeGreaterThan(2);
  expect(listeners).toBeLessThanOrEqual(2);
});

test.each([
  ['export', 'Say whose executions'],
  ['export --user anna --filter colour=red', 'colour'],
  ['export --user anna --filter text=no', 'Invalid list options'],
  ['export --user anna --format xml', 'Allowed choices are csv, ndjson'],
])('%s is refused with what is wrong', async (line, message) => {
  const { code, stdout, stderr } = await stack.run(line);
  expect([code, stdout, stderr]).toEqual([2, '', expect.stringContaining(message)]);
});
