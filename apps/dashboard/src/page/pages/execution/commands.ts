import { shellWord } from '@runledger/contracts/shell-word';
import type { Details } from './types.ts';

/** Temporal's own command for its history; `null` of what runs without Temporal. */
export const showCommand = ({ temporalNamespace, temporalWorkflowId }: Details): string | null =>
  temporalNamespace && temporalWorkflowId
    ? `temporal workflow show --namespace ${shellWord(temporalNamespace)} --workflow-id ${shellWord(temporalWorkflowId)}`
    : null;

/** Keeps the history of its run in a file, which every SDK of Temporal replays against the code that is to fix it. */
export function replayCommand(details: Details): string | null {
  const show = showCommand(details);
  return show && details.currentRunId && `${show} --run-id ${details.currentRunId} --output json > history.json`;
}
