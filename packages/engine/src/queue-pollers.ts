import type { WaitedQueue } from '@runledger/contracts';
import proto from '@temporalio/proto';
import type { TemporalCalls } from './temporal-calls.ts';
import { toTimestamp } from './timestamp.ts';

/** How long an answer about a queue holds, for all that wait on it. Temporal remembers who polled for five minutes. */
const HOLDS_MS = 60_000;
/** Queues remembered at once. */
const REMEMBERED = 1_000;

type TaskKind = 'workflow' | 'activity';

export interface QueuePollers {
  /** Who polls a queue. One call per queue and minute, however many executions wait on it. Never throws. */
  of(namespace: string, name: string, kind: TaskKind): Promise<WaitedQueue>;
}

export function createQueuePollers(call: TemporalCalls): QueuePollers {
  const { TASK_QUEUE_TYPE_WORKFLOW, TASK_QUEUE_TYPE_ACTIVITY } = proto.temporal.api.enums.v1.TaskQueueType;
  const answers = new Map<string, { at: number; queue: Promise<WaitedQueue> }>();

  async function ask(namespace: string, name: string, kind: TaskKind): Promise<WaitedQueue> {
    try {
      const taskQueueType = kind === 'workflow' ? TASK_QUEUE_TYPE_WORKFLOW : TASK_QUEUE_TYPE_ACTIVITY;
      const { pollers } = await call((service) =>
        service.describeTaskQueue({ namespace, taskQueue: { name }, taskQueueType }),
      );
      const polled = (pollers ?? []).flatMap(({ lastAccessTime }) => toTimestamp(lastAccessTime) ?? []).sort();
      return { name, pollers: pollers?.length ?? 0, lastPolledAt: polled.at(-1) ?? null };
    } catch {
      // Not worth a failed check: that something waits is known without it.
      return { name, pollers: null, lastPolledAt: null };
    }
  }

  return {
    of(namespace, name, kind) {
      const key = JSON.stringify([namespace, kind, name]);
      const known = answers.get(key);
      if (known && performance.now() - known.at < HOLDS_MS) return known.queue;
      answers.delete(key);
      const oldest = answers.size >= REMEMBERED ? answers.keys().next() : null;
      if (oldest && !oldest.done) answers.delete(oldest.value);
      const queue = ask(namespace, name, kind);
      answers.set(key, { at: performance.now(), queue });
      return queue;
    },
  };
}
