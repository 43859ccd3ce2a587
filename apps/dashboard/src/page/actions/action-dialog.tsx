import type { ListedExecution } from '../parts/status.tsx';
import type { ActionName } from './action-words.ts';
import { AskFirst } from './ask-first.tsx';
import { EndDialog, SignalDialog } from './one-dialogs.tsx';
import { SeveralDialog } from './several-dialog.tsx';

export interface ActionDialogProps {
  action: ActionName;
  executions: ListedExecution[];
  onClose: () => void;
}

/** What is asked of the reader before something is done with one execution, or with several. */
export default function ActionDialog({ action, executions, onClose }: ActionDialogProps) {
  return (
    <AskFirst executions={executions} onClose={onClose}>
      {(now) => {
        const [one] = now;
        if (one && action === 'signal') return <SignalDialog execution={one} onClose={onClose} />;
        if (one && action === 'end') return <EndDialog execution={one} onClose={onClose} />;
        return <SeveralDialog action={action} executions={now} onClose={onClose} />;
      }}
    </AskFirst>
  );
}
