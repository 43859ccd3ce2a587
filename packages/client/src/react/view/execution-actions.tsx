import { isTerminal } from '@runledger/contracts/status';
import { useMutation } from '@tanstack/react-query';
import type { KeyboardEvent } from 'react';
import { useState } from 'react';
import type { RouterOutputs } from '../../router-types.ts';
import { fieldValue } from '../page-element.ts';
import { useReadAnew } from '../use-read-anew.ts';
import { useRunledger } from '../use-runledger.ts';
import { useWords } from '../words/use-words.tsx';
import type { Words } from '../words/words.ts';

export type ExecutionAction = 'cancel' | 'terminate' | 'rerun';

/** The execution that a rerun has started. */
export type StartedExecution = RouterOutputs['execution']['rerunExecution'];

export interface ExecutionActionsProps {
  execution: { id: string; status: StartedExecution['status']; cancelRequestedAt: string | null };
  actions: readonly ExecutionAction[];
  onRerun?: ((started: StartedExecution) => void) | undefined;
}

const WORDS = {
  cancel: { ask: 'confirmCancel', go: 'doCancel', open: 'cancel' },
  terminate: { ask: 'confirmTerminate', go: 'doTerminate', open: 'terminate' },
  rerun: { ask: 'confirmRerun', go: 'doRerun', open: 'rerun' },
} as const satisfies Record<ExecutionAction, Record<string, keyof Words>>;

/** What may be done about an execution, each asked about first, in the page itself: the button that changes nothing has the focus. */
export function ExecutionActions({ execution, actions, onRerun }: ExecutionActionsProps) {
  const words = useWords();
  const [asked, setAsked] = useState<ExecutionAction | null>(null);
  const [reason, setReason] = useState('');
  const { mutate, error, isPending, data, reset } = useAction(execution.id, onRerun);
  const isEnded = isTerminal(execution.status);
  const possible = actions.filter((action) => (action === 'rerun' ? isEnded : !isEnded));
  const close = () => {
    setAsked(null);
    setReason('');
  };
  const go = (action: ExecutionAction) => mutate({ action, reason: reason.trim() }, { onSuccess: close });
  if (asked && possible.includes(asked)) {
    const needsReason = asked === 'terminate' && reason.trim() === '';
    return (
      // biome-ignore lint/a11y/useSemanticElements: a fieldset would bring its own look and a legend
      <div
        className="rl-confirm"
        role="group"
        aria-label={words[WORDS[asked].open]}
        onKeyDown={(event: KeyboardEvent) => event.key === 'Escape' && close()}
      >
        <p>{words[WORDS[asked].ask]}</p>
        {asked !== 'rerun' && (
          <label>
            {words.reason}{' '}
            <input value={reason} onChange={({ currentTarget }) => setReason(fieldValue(currentTarget))} />
          </label>
        )}
        {error && (
          <p role="alert" className="rl-bad">
            {words.actionFailed} {error.message}
          </p>
        )}
        {/* biome-ignore lint/a11y/noAutofocus: it appears by a press, and the safe answer is the nearest */}
        <button type="button" className="rl-button" autoFocus onClick={close}>
          {words.keep}
        </button>
        <button
          type="button"
          className="rl-button"
          data-kind={asked === 'rerun' ? 'main' : 'danger'}
          disabled={isPending || needsReason}
          onClick={() => go(asked)}
        >
          {words[WORDS[asked].go]}
        </button>
      </div>
    );
  }
  return (
    <div className="rl-actions">
      {possible.map((action) => (
        <button
          key={action}
          type="button"
          className="rl-button"
          onClick={() => {
            reset();
            setAsked(action);
          }}
        >
          {words[WORDS[action].open]}
        </button>
      ))}
      <span role="status">
        {data === 'rerun'
          ? words.rerunStarted
          : !isEnded && (data || execution.cancelRequestedAt)
            ? words.cancelRequested
            : ''}
      </span>
    </div>
  );
}

interface Asked {
  action: ExecutionAction;
  reason: string;
}

/** @returns a mutation whose `data` is the action that was done last */
function useAction(id: string, onRerun: ((started: StartedExecution) => void) | undefined) {
  const { client } = useRunledger();
  const readAnew = useReadAnew();
  // Pressed twice, or sent again by a network that lost the answer, it is one rerun.
  const [key, setKey] = useState(newKey);
  return useMutation({
    async mutationFn({ action, reason }: Asked): Promise<ExecutionAction> {
      const { execution } = client;
      if (action === 'cancel') await execution.cancelExecution.mutate(reason ? { id, reason } : { id });
      if (action === 'terminate') await execution.terminateExecution.mutate({ id, reason });
      if (action === 'rerun') {
        const started = await execution.rerunExecution.mutate({ id, idempotencyKey: key });
        setKey(newKey());
        onRerun?.(started);
      }
      return action;
    },
    // Also where no answer came: it may have been done.
    onSettled: () => readAnew(),
  });
}

const newKey = () => `again-${Date.now().toString(36)}-${Math.random().toString(36).slice(2)}`;
