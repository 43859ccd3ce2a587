import type { SqlDatabase } from '@runledger/local-stack';
import type { Benchmark, Row } from '../benchmark.ts';
import { formatMs, formatNumber } from '../format-figure.ts';
import type { Question } from '../large-ledger/ask.ts';
import { ask, buffersOf } from '../large-ledger/ask.ts';
import type { ListPage } from '../large-ledger/list-page.ts';
import { middleOf, offsetPage, searchPage, tablePage } from '../large-ledger/list-page.ts';
import { openLargeLedger } from '../large-ledger/open-large-ledger.ts';

const TIMES = 20;
const user = 'user_1';
const busiest = '00000000-0000-7000-8000-000000000001';
const quiet = '00000000-0000-7000-8000-000000000120';

/** What an index serves alone. */
const PLAIN: Record<string, ListPage> = {
  none: { user },
  workflow: { user, workflow: busiest },
  'quiet workflow': { user, workflow: quiet },
  'one status': { user, filter: { status: ['failed'] } },
  'rare status': { user, filter: { status: ['terminated'] } },
  "owner's": { workflow: busiest },
  'by end': { user, orderBy: 'completed_at' },
  'workflow, by end': { user, workflow: busiest, orderBy: 'completed_at' },
  'one status, by end': { user, filter: { status: ['failed'] }, orderBy: 'completed_at' },
  "owner's, by end": { workflow: busiest, orderBy: 'completed_at' },
};

const statuses = (...status: string[]) => ({ status });

const STATUSES: Record<string, ListPage> = {
  'workflow + status': { user, workflow: busiest, filter: statuses('terminated') },
  'quiet workflow + status': { user, workflow: quiet, filter: statuses('timed_out') },
  'several statuses': { user, filter: statuses('failed', 'cancelled', 'timed_out') },
  'open ones': { user, filter: statuses('pending', 'running') },
};

const OTHERS: Record<string, ListPage> = {
  'any of two tags': { user, filter: { tags: ['region-1', 'plan-2'] } },
  'tag that none has': { user, filter: { tags: ['none'] } },
  'frequent text': { user, filter: { text: 'declined' } },
  'rare text': { user, filter: { text: 'order 1234567' } },
  'text that none has': { user, filter: { text: 'zebra stripes' } },
  'unusually slow': { user, filter: { minDurationMs: 600_000 } },
  'by duration': { user, orderBy: 'duration' },
  'kind of failure': { user, filter: { failureGroup: '0000000000000000' } },
  health: { user, filter: { health: ['late'] } },
};

/** The most expensive page of some lists: at their beginning and in their middle. */
async function dearest(database: SqlDatabase, lists: Record<string, Question[]>) {
  const buffers: Record<string, number> = {};
  const ms: Record<string, number> = {};
  for (const [name, questions] of Object.entries(lists)) {
    for (const question of questions) {
      buffers[name] = Math.max(buffers[name] ?? 0, await buffersOf(database, question));
      ms[name] = Math.max(ms[name] ?? 0, (await ask(database, question, TIMES)).p50Ms);
    }
  }
  return { buffers, ms };
}

async function questionsOf(database: SqlDatabase) {
  const plain: Record<string, Question[]> = {};
  const offset: Record<string, Question[]> = {};
  for (const [name, page] of Object.entries(PLAIN)) {
    const middle = await middleOf(database, page);
    plain[name] = [tablePage(page, null), ...(middle ? [tablePage(page, middle.after)] : [])];
    if (middle && name === 'none') offset[name] = [offsetPage(page, middle.depth)];
  }
  const middle = await middleOf(database, { user });
  const [week] = await database.query<{ from: string; to: string }>(
    `select max(started_at) - interval '40 days' as from, max(started_at) - interval '33 days' as to
       from runledger.workflow_executions where created_by = $1`,
    [user],
  );
  plain['window of a week'] = [tablePage({ user, filter: { ...week } }, null)];
  const [ids] = await database.query<{ ids: string[] }>(
    'select array_agg(id::text) as ids from (select id from runledger.workflow_executions where created_by = $1 limit 10) x',
    [user],
  );
  plain['ten ids'] = [searchPage({ user, filter: { ids: ids?.ids } }, null)];
  const search = (lists: Record<string, ListPage>) =>
    Object.fromEntries(
      Object.entries(lists).map(([name, page]) => [
        name,
        [searchPage(page, null), ...(middle && !page.orderBy ? [searchPage(page, middle.after)] : [])],
      ]),
    );
  return { plain, offset, statuses: search(STATUSES), others: search(OTHERS) };
}

/** Pages of 50 of a user with a tenth of ten million executions, by every filter, at the beginning and in the middle. */
export const lists: Benchmark = {
  name: 'lists',
  about: 'Buffers and time of a page, by every filter, at the beginning and half a million executions deep',

  async prepare({ rows }, say) {
    const ledger = await openLargeLedger(rows, say);
    say('finding the middle of each list');
    const questions = await questionsOf(ledger.database);
    return {
      async run() {
        const values: Record<string, number> = {};
        const items: Record<string, Record<string, number>> = {};
        for (const [kind, ofKind] of Object.entries(questions)) {
          say(kind);
          const { buffers, ms } = await dearest(ledger.database, ofKind);
          values[`${kind}Buffers`] = Math.max(...Object.values(buffers));
          values[`${kind}Ms`] = Math.max(...Object.values(ms));
          items[`buffers, ${kind}`] = buffers;
          items[`ms, ${kind}`] = ms;
        }
        return { values, faults: {}, items };
      },
      [Symbol.asyncDispose]: () => ledger[Symbol.asyncDispose](),
    };
  },

  rows({ values }) {
    const of = (name: string) => values[name] ?? Number.NaN;
    const row = (what: string, kind: string, most: number): Row => ({
      what,
      measured: `${formatNumber(of(`${kind}Buffers`))} buffers, ${formatMs(of(`${kind}Ms`))}`,
      comparedWith:
        kind === 'plain' ? `offset ${formatNumber(of('offsetBuffers'))} buffers, ${formatMs(of('offsetMs'))}` : '',
      toReach: `≤ ${most} buffers${kind === 'plain' ? ', ≤ 2 ms' : ''}`,
      reached: of(`${kind}Buffers`) <= most && (kind !== 'plain' || of('plainMs') <= 2),
    });
    return [
      row('most expensive page: none, workflow, window, one status, ids; by start or end; any depth', 'plain', 100),
      row('most expensive page: workflow + status, several statuses', 'statuses', 2_000),
      row('most expensive page: tags, text, duration, health, kind of failure', 'others', 5_000),
    ];
  },
};
