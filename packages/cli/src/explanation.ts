import type { ExecutionStory, Explainable, Explanation } from '@runledger/contracts';
import { explainExecution } from '@runledger/contracts';

/** The story as it is explained to who may see everybody: actors by their ids. */
function explainable({ execution, transitions, reports, health }: ExecutionStory): Explainable {
  const actorOf = (id: string | null) => (id === null ? null : { kind: 'user' as const, id, name: id });
  return {
    ...execution,
    health,
    transitions: transitions.map(({ at, actor, ...change }) => ({
      ...change,
      ...{ recordedAt: at, happenedAt: null, noticedAfterMs: null, actor: actorOf(actor) },
    })),
    reports: reports.map((report) => ({ ...report, actor: actorOf(report.actor) })),
  };
}

/** Why an execution ended so, or how it stands: the sentence that the API gives too, with everybody named. */
export const explanationOf = (story: ExecutionStory): Explanation =>
  explainExecution(explainable(story), story.timeline);
