import type { ListedExecution } from '../parts/status.tsx';

/** What can be asked of executions that are there. */
export type ActionName = 'cancel' | 'terminate' | 'rerun' | 'reset' | 'end' | 'delete' | 'signal';

interface Words {
  /** On the button that does it. */
  verb: string;
  /** On the button that does not; it has the focus. */
  keep: string;
  /** What happens. */
  says: string;
  isDanger: boolean;
  /** Whether a reason has to be given. */
  reason: 'required' | 'optional' | 'none';
  /** Which executions it is for. */
  isFor: (execution: Pick<ListedExecution, 'status' | 'health'>) => boolean;
}

const isOpen = ({ status }: Pick<ListedExecution, 'status'>) => status === 'pending' || status === 'running';

export const ACTIONS: Record<ActionName, Words> = {
  cancel: {
    verb: 'Cancel',
    keep: 'Keep it running',
    says: 'It is asked to stop. Its code may clean up first, and decides how it ends.',
    isDanger: false,
    reason: 'optional',
    isFor: isOpen,
  },
  terminate: {
    verb: 'Terminate',
    keep: 'Keep it running',
    says: 'It ends at once. Its code gets no chance to clean up, and steps that have begun may go on by themselves. Cancelling asks it to stop instead.',
    isDanger: true,
    reason: 'required',
    isFor: isOpen,
  },
  rerun: {
    verb: 'Rerun',
    keep: 'Leave it',
    says: 'A new execution starts with the same input. The old one stays as it is, and each links to the other.',
    isDanger: false,
    reason: 'optional',
    isFor: () => true,
  },
  reset: {
    verb: 'Reset',
    keep: 'Leave it',
    says: 'It runs again from its beginning, in a new run of the same execution. Steps that are done are done again.',
    isDanger: true,
    reason: 'required',
    isFor: ({ status }) => status !== 'pending',
  },
  end: {
    verb: 'Record its end',
    keep: 'Leave it open',
    says: 'Temporal does not know it any more, so a person says how it ended. It is then settled, and its run time is not counted.',
    isDanger: true,
    reason: 'required',
    isFor: (execution) => isOpen(execution) && execution.health === 'lost',
  },
  delete: {
    verb: 'Delete',
    keep: 'Keep it',
    says: 'It goes with all that the ledger holds of it, and cannot come back. Temporal keeps its own until its retention ends.',
    isDanger: true,
    reason: 'none',
    isFor: (execution) => !isOpen(execution),
  },
  signal: {
    verb: 'Send',
    keep: 'Leave it',
    says: 'Its workflow is told something while it runs.',
    isDanger: false,
    reason: 'none',
    isFor: isOpen,
  },
};
