import { connectSupabase, createExecutionService, createLedger } from '@runledger/execution-service';
import type { LocalSupabase } from '@runledger/local-stack';
import { startTestSupabase } from '@runledger/local-stack';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { until } from '../fixtures/until.ts';
import { createFolder } from './folder.ts';

let supabase: LocalSupabase;
beforeAll(async () => {
  supabase = await startTestSupabase();
});
afterAll(() => supabase?.stop());

const logger = pino({ level: 'silent' });

test('what is counted is folded into cells, and the numbers stay', async () => {
  const client = connectSupabase({ url: supabase.url, key: supabase.serviceRoleKey });
  const service = createExecutionService(client);
  await supabase.database.query(`insert into runledger.users (id) values ('anna')`);
  const [workflow] = await supabase.database.query<{ id: string }>(
    `insert into runledger.workflows (user_id, name, workflow_type, task_queue) values ('anna', 'w', 'w', 'q') returning id`,
  );
  const workflowId = workflow?.id ?? '';
  for (let n = 0; n < 5; n += 1) await service.createExecution({ workflowId, userId: 'anna' });
  const waiting = async () => {
    const [row] = await supabase.database.query<{ n: number }>(
      'select count(*)::int as n from runledger.execution_deltas',
    );
    return row?.n ?? -1;
  };
  expect(await waiting()).toBe(5);
  expect(await service.getStats(workflowId)).toMatchObject({ total: 5, running: 5 });

  const stop = new AbortController();
  const running = createFolder({ ledger: createLedger(client), logger }).run(stop.signal);
  await until(waiting, (n) => n === 0);
  stop.abort();
  await running;
  expect(await service.getStats(workflowId)).toMatchObject({ total: 5, running: 5 });
});

test('a backlog is folded page after page, without a pause between them', async () => {
  const pages = [5_000, 5_000, 17, 0];
  const stop = new AbortController();
  const fakeLedger = {
    fold: async (limit: number) => {
      expect(limit).toBe(5_000);
      const folded = pages.shift() ?? 0;
      if (folded === 17) stop.abort();
      return folded;
    },
  };
  await createFolder({ ledger: fakeLedger, logger }).run(stop.signal);
  expect(pages).toEqual([0]);
});
