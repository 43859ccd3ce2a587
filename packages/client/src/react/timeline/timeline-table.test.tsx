import type { Step } from '@runledger/contracts';
import { parseHTML } from 'linkedom';
import { renderToString } from 'react-dom/server';
import { expect, test } from 'vitest';
import { TimelineTable } from './timeline-table.tsx';

const BEGAN = Date.parse('2026-11-29T12:00:00Z');
const at = (ms: number) => new Date(BEGAN + ms).toISOString();

const steps: Step[] = [
  {
    ...{ kind: 'activity', name: 'chargeCard', runId: 'r', status: 'failed', attempts: 3 },
    ...{ scheduledAt: at(100), startedAt: at(4_000), endedAt: at(4_900) },
    failure: { type: null, message: 'Activity task failed', cause: { type: 'CardError', message: 'card declined' } },
  },
  {
    ...{ kind: 'timer', name: '3', runId: 'r', status: 'started', attempts: null, failure: null },
    ...{ scheduledAt: at(5_000), startedAt: null, endedAt: null },
  },
];

const draw = (more: Partial<Parameters<typeof TimelineTable>[0]> = {}) =>
  parseHTML(renderToString(<TimelineTable steps={steps} fromMs={BEGAN} toMs={BEGAN + 6_000} {...more} />)).document;

test('a timeline is a table: what the tracks show is in its cells too', () => {
  const page = draw();
  expect(page.querySelector('caption')?.textContent).toBe('Steps');
  expect([...page.querySelectorAll('thead th')].map((th) => [th.getAttribute('scope'), th.textContent])).toEqual([
    ['col', 'Step'],
    ['col', 'Status'],
    ['col', 'After'],
    ['col', 'Took'],
  ]);
  const [charge] = page.querySelectorAll('tbody tr');
  expect(charge?.querySelector('th')?.textContent).toBe('activity chargeCard ×3');
  expect([...(charge?.querySelectorAll('td') ?? [])].map((td) => td.textContent)).toEqual([
    'failed',
    '100 ms',
    '',
    '4.8 s',
  ]);
  expect(charge?.querySelectorAll('td')[2]?.getAttribute('aria-hidden')).toBe('true');
});

test('nothing that can have the focus is in a track, and one step is in the order of tabs', () => {
  const page = draw();
  expect(page.querySelectorAll('[aria-hidden="true"] :is(button, a, [tabindex])')).toHaveLength(0);
  expect([...page.querySelectorAll('.rl-step')].map((button) => button.getAttribute('tabindex'))).toEqual(['0', '-1']);
});

test('what the server left out is told, and many steps are drawn when they are asked for', () => {
  const many = Array.from({ length: 150 }, () => steps[0] as Step);
  const page = draw({ steps: many, omitted: 12 });
  expect(page.querySelectorAll('tbody tr')).toHaveLength(100);
  expect(page.querySelector('.rl-timeline-foot')?.textContent).toContain('Show all 150 steps');
  expect(page.querySelector('.rl-timeline-foot')?.textContent).toContain('12 steps left out');
});

test('the legend names only what is drawn', () => {
  const legend = (given: Step[]) => draw({ steps: given }).querySelector('.rl-legend')?.textContent;
  expect(legend(steps)).toBe('last attemptearlier attempts and back-off');
  expect(legend(steps.slice(1))).toBeUndefined();
});
