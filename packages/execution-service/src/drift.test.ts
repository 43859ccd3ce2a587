import type { CounterDrift } from '@runledger/contracts';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { LedgerApi } from './fixtures/open-ledger-api.ts';
import { openLedgerApi } from './fixtures/open-ledger-api.ts';

let api: LedgerApi;
beforeAll(async () => {
  vi.spyOn(console, 'error').mockImplementation(() => {});
  api = await openLedgerApi('postgres-17');
  const { database } = api.supabase;
  await database.query(
    `insert into runledger.workflow_executions (workflow_id, created_by, status, started_at, completed_at, verdict, error_message)
     select $1, case when n % 3 = 0 then $3 else $2 end, case when n % 7 = 0 then 'failed' else 'completed' end,
            now() - n * interval '11 hours', now() - n * interval '11 hours' + n * interval '1 s', 'good', 'x'
       from generate_series(1, 300) n`,
    [api.workflow.id, api.ada.id, api.bob.id],
  );
  await api.ledger.fold(20_000);
  await database.exec(`insert into runledger.users (id) select 'u' || g from generate_series(1, 1200) g`);
});
afterAll(async () => api?.close());

/** Makes each statement that recounts more than `executions` executions as long as one that the database cancels. */
async function cancelRecountsOfMoreThan(executions: number) {
  const { database } = api.supabase;
  await database.exec(`
    alter function runledger_private.recount(text[], uuid[], timestamptz, timestamptz, timestamptz) rename to recount_at_once;
    create function runledger_private.recount(p_users text[], p_workflows uuid[], p_from timestamptz, p_to timestamptz, p_hours_from timestamptz)
    returns table (created_by text, workflow_id uuid, grain text, starts_at timestamptz, field text, is_total boolean, n numeric)
    language plpgsql stable as $$ begin
      if (select count(*) from runledger.workflow_executions e
           where (p_users is null or e.created_by = any (p_users)) and (p_workflows is null or e.workflow_id = any (p_workflows))
             and (p_from is null or (e.started_at >= p_from and e.started_at < p_to))) > ${executions} then
        raise query_canceled using message = 'canceling statement due to statement timeout';
      end if;
      return query select * from runledger_private.recount_at_once(p_users, p_workflows, p_from, p_to, p_hours_from);
    end $$;`);
  return {
    [Symbol.asyncDispose]: () =>
      database.exec(`
        drop function runledger_private.recount(text[], uuid[], timestamptz, timestamptz, timestamptz);
        alter function runledger_private.recount_at_once(text[], uuid[], timestamptz, timestamptz, timestamptz) rename to recount;`),
  };
}

/** Writes past the triggers: an hour, a day and a life of Ada's, a total of the workflow, and cells of nobody. */
const spoil = () =>
  api.supabase.database.exec(`
    update runledger.execution_stats set counts[runledger_private.status_number('completed')] = counts[runledger_private.status_number('completed')] + 3
     where created_by = '${api.ada.id}' and grain = 'day' and starts_at = (
       select min(starts_at) from runledger.execution_stats where created_by = '${api.ada.id}' and grain = 'day');
    update runledger.execution_stats set counts[runledger_private.status_number('failed')] = counts[runledger_private.status_number('failed')] - 1
     where created_by = '' and grain = 'life';
    insert into runledger.execution_stats (created_by, workflow_id, grain, starts_at, counts)
      values ('nobody', '${api.workflow.id}', 'life', '-infinity', runledger_private.counts_of(array[2], array[5]));
    update runledger.execution_label_stats set executions = executions + 1
     where created_by = '${api.bob.id}' and grain = 'life' and kind = 'verdict'`);

const names = (drift: CounterDrift[]) =>
  drift
    .map(({ userId, workflowId, grain, field, counted, recounted }) =>
      [userId ?? 'all', workflowId ? 'one' : 'all', grain, field, counted - recounted].join(' '),
    )
    .toSorted();

const expected = () =>
  [
    `${api.ada.id} all day completed 3`,
    `${api.ada.id} one day completed 3`,
    'all one life failed -1',
    'nobody one life running 5',
    `${api.bob.id} all life verdict good 1`,
    `${api.bob.id} one life verdict good 1`,
  ].toSorted();

test('a check in parts goes by every user and workflow, finds what differs once, and says how far it is', async () => {
  expect(await api.ledger.findDrift()).toEqual([]);
  await spoil();
  const seen: object[] = [];
  expect(names(await api.ledger.findDrift({}, { onProgress: (checked) => seen.push(checked) }))).toEqual(expected());
  expect(seen.at(-1)).toEqual({ users: 1_203, workflows: 1 });
  expect(seen.length).toBeGreaterThan(2);
});

test('what one statement has no time for is compared by days, and repaired so', async () => {
  await using _ = await cancelRecountsOfMoreThan(40);
  const found = names(await api.ledger.findDrift());
  // A life is compared with its days here, of which one was spoilt.
  for (const name of expected()) expect(found).toContain(name);
  expect(await api.ledger.repairDrift()).toBeGreaterThan(0);
  expect(await api.ledger.findDrift()).toEqual([]);
});

test('after a repair in parts, one recount of everything finds nothing either', async () => {
  await spoil();
  await api.ledger.repairDrift();
  expect(await api.supabase.database.query('select * from runledger.verify_execution_stats()')).toEqual([]);
});

test('a part that is too long at its smallest is an error that says so', async () => {
  await using _ = await cancelRecountsOfMoreThan(0);
  await expect(api.ledger.findDrift({ userId: api.ada.id })).rejects.toMatchObject({
    code: 'took_too_long',
    message: expect.stringContaining('verify_execution_stats_part'),
  });
});
