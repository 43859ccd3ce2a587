import { describe, expect, test } from 'vitest';
import { createRecentHistories } from './recent-histories.ts';

const run = (runId: string) => ({ namespace: 'default', temporalWorkflowId: 'w', runId });

describe('recent histories', () => {
  test('are bounded in bytes: the oldest give way', () => {
    const recent = createRecentHistories(100);
    for (const runId of ['a', 'b', 'c']) recent.keep(run(runId), [{}], 40);
    recent.keep(run('b'), [{}, {}], 40);
    expect(['a', 'b', 'c'].map((runId) => recent.get(run(runId))?.length ?? 0)).toEqual([0, 2, 1]);
    recent.keep(run('d'), [{}], 101);
    expect(['b', 'c', 'd'].map((runId) => recent.get(run(runId)))).toEqual([null, null, null]);
  });

  test('are dropped when they were used', () => {
    const recent = createRecentHistories(100);
    recent.keep(run('a'), [{}], 90);
    recent.drop(run('a'));
    recent.keep(run('b'), [{}], 90);
    expect([recent.get(run('a')), recent.get(run('b'))]).toEqual([null, [{}]]);
  });
});
