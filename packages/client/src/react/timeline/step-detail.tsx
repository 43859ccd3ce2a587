import type { Failure, Step } from '@runledger/contracts';
import { useWords } from '../words/use-words.tsx';

/** What is known of one step beside its bar: how it stands, and the error with what caused it, the root first. */
export function StepDetail({ step }: { step: Step }) {
  const words = useWords();
  const causes = rootFirst(step.failure);
  return (
    <div className="rl-step-detail">
      <p>
        {words.stepKind[step.kind]}, {words.stepStatus[step.status]}
      </p>
      {causes.map(({ type, message }, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: causes have no name and keep their order
        <p key={index} data-root={index === 0 || undefined}>
          {message} {type && <span className="rl-muted">{type}</span>}
        </p>
      ))}
    </div>
  );
}

/** Causes that are shown; the ledger keeps few more. */
const MOST_CAUSES = 10;

function rootFirst(failure: Failure | null): Failure[] {
  const causes: Failure[] = [];
  for (let at: Failure | null | undefined = failure; at && causes.length < MOST_CAUSES; at = at.cause)
    causes.unshift(at);
  return causes;
}
