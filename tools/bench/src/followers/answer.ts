import { countCalls } from '../count-calls.ts';
import type { Figures, Question, Task } from '../follower-protocol.ts';

/** What a kind of follower is. */
export interface Following {
  /** Waits that ended without a result. */
  gaveUp(): number;
  more?(): Record<string, number> | Promise<Record<string, number>>;
}

/** Answers the process that started this one, until that one is gone. */
export function answer(begin: (task: Task) => Promise<Following>): void {
  const calls = countCalls();
  let following: Following | null = null;

  async function reply(question: Question): Promise<Figures> {
    if (question.ask === 'begin') following = await begin(question.task);
    return {
      ...calls,
      memory: process.memoryUsage(),
      gaveUp: following?.gaveUp() ?? 0,
      more: (await following?.more?.()) ?? {},
    };
  }

  process.on('message', (question: Question) => {
    reply(question).then((figures) => process.send?.(figures));
  });
  process.on('disconnect', () => process.exit());
}
