import type { RunledgerClient } from '@runledger/client';
import { useReadAnew, useRunledger } from '@runledger/client/react';
import type { TerminalStatus } from '@runledger/contracts/status';
import { useMemo } from 'react';
import type { ActionName } from './action-words.ts';

export interface ActionInput {
  reason: string;
  /** Of `rerun`: asked again with the same one, each runs again once. */
  key: string;
  /** Of `end`: how it ended. */
  as?: TerminalStatus;
  /** Of `signal`. */
  name?: string;
  /** Of `signal` and `rerun`. */
  input?: unknown;
}

/** What became of one of them. */
export interface ActionAnswer {
  id: string;
  isOk: boolean;
  /** A word of ours where it worked, else why it did not. */
  text: string;
  /** The new execution of a rerun. */
  rerunId: string | null;
}

/** As many as the API takes in one call. */
const MOST_PER_CALL = 100;

/** Asks for an action of one or several, up to a hundred in a call; each has an answer of its own. */
export function useAction(): (
  name: ActionName,
  ids: readonly string[],
  input: ActionInput,
  onAnswers?: (answers: ActionAnswer[]) => void,
) => Promise<ActionAnswer[]> {
  const { client } = useRunledger();
  const readAnew = useReadAnew();
  return useMemo(
    () => async (name, ids, input, onAnswers) => {
      let answers: ActionAnswer[] = [];
      try {
        for (let from = 0; from < ids.length; from += MOST_PER_CALL) {
          const part = ids.slice(from, from + MOST_PER_CALL);
          answers = [...answers, ...(await ask(client, name, part, input))];
          onAnswers?.(answers);
        }
      } finally {
        // Also where no answer came: it may have been done.
        readAnew();
      }
      return answers;
    },
    [client, readAnew],
  );
}

type Answered =
  | { id: string; ok: true; result?: string; rerunId?: string }
  | { id: string; ok: false; message: string };

async function ask(
  { execution }: RunledgerClient,
  name: ActionName,
  ids: string[],
  { reason, as = 'failed', name: signal = '', input, key }: ActionInput,
): Promise<ActionAnswer[]> {
  const why = reason.trim() ? { reason: reason.trim() } : {};
  const needed = { reason: reason.trim() };
  const calls: Record<ActionName, () => Promise<unknown>> = {
    cancel: () => execution.cancelExecutions.mutate({ ids, ...why }),
    terminate: () => execution.terminateExecutions.mutate({ ids, ...needed }),
    rerun: () =>
      execution.rerunExecutions.mutate({
        ids,
        ...why,
        idempotencyKey: key,
        ...(input === undefined ? {} : { input: input as never }),
      }),
    reset: () => execution.resetExecutions.mutate({ ids, to: 'first', ...needed }),
    end: () => execution.endExecutions.mutate({ ids, as, ...needed }),
    delete: () => execution.deleteExecutions.mutate({ ids }),
    signal: () =>
      execution.signalExecutions.mutate({
        ids,
        name: signal,
        ...(input === undefined ? {} : { input: input as never }),
      }),
  };
  return ((await calls[name]()) as Answered[]).map((answer) => ({
    id: answer.id,
    isOk: answer.ok,
    text: answer.ok ? wordOf(answer.result ?? 'started') : answer.message,
    rerunId: answer.ok ? (answer.rerunId ?? null) : null,
  }));
}

const wordOf = (result: string): string => result.replaceAll('_', ' ');
