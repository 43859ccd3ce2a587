import { renderToString } from 'react-dom/server';
import { expect, test } from 'vitest';
import { markHeight, RunMarks } from './run-marks.tsx';

test('one slow run does not flatten the others, and the shortest is seen', () => {
  expect(markHeight(100_000, 100_000)).toBe(1);
  expect(markHeight(0, 100_000)).toBeGreaterThan(0.3);
  expect(markHeight(10_000, 100_000)).toBeGreaterThan(0.5);
  expect(markHeight(5, 0)).toBe(1);
});

test('a strip has the newest last and says in words how many failed; a cancelled one did not', () => {
  const page = renderToString(
    <RunMarks
      runs={[
        { id: 'c', status: 'running', durationMs: null },
        { id: 'b', status: 'timed_out', durationMs: 900 },
        { id: 'a', status: 'cancelled', durationMs: 100 },
      ]}
    />,
  );
  expect(page).toContain('aria-label="Last 3 outcomes, 1 failed"');
  expect([...page.matchAll(/data-status="(\w+)"/g)].map(([, status]) => status)).toEqual([
    'cancelled',
    'timed_out',
    'running',
  ]);
});
