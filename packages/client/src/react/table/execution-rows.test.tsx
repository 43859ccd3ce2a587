import { parseHTML } from 'linkedom';
import { renderToString } from 'react-dom/server';
import { expect, test } from 'vitest';
import { sampleRow } from '../fixtures/sample-rows.ts';
import { WordsProvider } from '../words/use-words.tsx';
import { DEFAULT_WORDS } from '../words/words.ts';
import { whyOf } from './columns.tsx';
import type { ExecutionRowsProps } from './execution-rows.tsx';
import { ExecutionRows } from './execution-rows.tsx';

const failed = sampleRow({ status: 'failed', errorMessage: 'card declined\n  at charge.ts:42' });
const draw = (props: ExecutionRowsProps) =>
  parseHTML(`<html><body>${renderToString(<ExecutionRows {...props} />)}</body></html>`).document;
const secrets = {
  createdBy: 'user-8831',
  userName: 'grace@example.com',
  cancelReason: 'asked by ada',
  endReason: 'duplicate',
};

test('rows are a table with a caption, whose columns and rows have headers; a name is the link, and no row is a button', () => {
  const page = draw({ executions: [failed], href: ({ id }) => `/orders/${id}`, caption: 'Your orders' });
  expect(page.querySelector('caption')?.textContent).toBe('Your orders');
  expect([...page.querySelectorAll('thead th')].every((th) => th.getAttribute('scope') === 'col')).toBe(true);
  expect(page.querySelector('tbody th[scope="row"] a')?.getAttribute('href')).toBe(`/orders/${failed.id}`);
  expect(page.querySelectorAll('tr[role], tr[tabindex], tr[onclick]')).toHaveLength(0);
});

test.each(['failed', 'timed_out', 'cancelled', 'terminated'] as const)(
  'a customer reads nothing of why it was %s',
  (status) => {
    const row = sampleRow({ ...failed, ...secrets, status });
    const shown = draw({ executions: [row] }).body.textContent ?? '';
    for (const secret of ['card declined', 'charge.ts', ...Object.values(secrets)]) expect(shown).not.toContain(secret);
  },
);

test('the team reads the first line of the error, and a shop what it says itself', () => {
  const team = { words: DEFAULT_WORDS, audience: 'team', now: null } as const;
  expect(whyOf(failed, team)).toEqual({ text: 'card declined', isBad: true });
  const why = () => 'Your card was declined.';
  const page = renderToString(
    <WordsProvider words={{ why }}>
      <ExecutionRows executions={[failed]} />
    </WordsProvider>,
  );
  expect(page).toContain('Your card was declined.');
});

test('one that runs tells what is usual, and the team by how much it is over what 99 of 100 take', () => {
  const usual = { p50: 3_000, p95: 5_000, p99: 9_000, of: 40, whose: 'own' } as const;
  const row = sampleRow({ status: 'running', usual, expectedBy: '2026-11-29T12:00:00Z' });
  const at = (now: string, audience: 'user' | 'team') =>
    whyOf(row, { words: DEFAULT_WORDS, audience, now: Date.parse(now) })?.text;
  expect(at('2026-11-29T11:59:30Z', 'user')).toBe('Usually takes about 3 s');
  expect(at('2026-11-29T12:08:00Z', 'team')).toBe('8 min over what 99 of 100 take');
  expect(at('2026-11-29T12:08:00Z', 'user')).toBeUndefined();
});

test('a row that no longer fits says so, and columns of one’s own stand among ours', () => {
  const price = { key: 'price', header: 'Price', cell: () => '7 €', align: 'end' } as const;
  const page = draw({ executions: [failed], columns: ['why', price, 'tags'], noLongerFits: new Set([failed.id]) });
  expect(page.querySelector('tbody tr')?.hasAttribute('data-dimmed')).toBe(true);
  expect(page.querySelector('tbody')?.textContent).toContain('No longer matches');
  expect([...page.querySelectorAll('thead th')].map(({ textContent }) => textContent)).toEqual([
    'Workflow',
    'Price',
    'Tags',
  ]);
});

test('one that was deleted says so, whether or not it would still fit', () => {
  const rows = { executions: [failed], noLongerFits: new Set([failed.id]), deleted: new Set([failed.id]) };
  const row = draw(rows).querySelector('tbody tr');
  expect(row?.hasAttribute('data-dimmed')).toBe(true);
  expect(row?.textContent).toContain('Deleted');
  expect(row?.textContent).not.toContain('No longer matches');
});

test('a row has a few tags, and how many more there are, which it names', () => {
  const tags = ['berlin', 'vip', 'eu', 'gift', 'express', 'paid'];
  const tagsOf = (count: number) =>
    [
      ...draw({
        executions: [sampleRow({ status: 'completed', tags: tags.slice(0, count) })],
        columns: ['why', 'tags'],
      }).querySelectorAll('.rl-tag'),
    ].map((tag) => [tag.textContent, tag.getAttribute('title')]);
  expect(tagsOf(6).map(([text]) => text)).toEqual(['berlin', 'vip', 'eu', '+3']);
  expect(tagsOf(6).at(-1)?.[1]).toBe('gift, express, paid');
  expect(tagsOf(4).map(([text]) => text)).toEqual(['berlin', 'vip', 'eu', 'gift']);
});

test('the room of a second line is kept for a row that may still end, and not for one that has ended', () => {
  const running = sampleRow({ status: 'running' });
  const ended = sampleRow({ status: 'completed', id: running.id.replace(/5$/, '6') });
  const lines = [...draw({ executions: [running, ended] }).querySelectorAll('tbody tr')].map(
    (row) => row.querySelectorAll('.rl-why').length,
  );
  expect(lines).toEqual([1, 0]);
});

test.each(['wedged', 'lost'] as const)('a customer does not read that an execution is %s', (health) => {
  const row = sampleRow({ status: 'running', health });
  expect(draw({ executions: [row] }).querySelector('.rl-health')).toBeNull();
  expect(draw({ executions: [row], audience: 'team' }).querySelector('.rl-health')).not.toBeNull();
});
