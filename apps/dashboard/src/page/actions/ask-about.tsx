import { lazy } from 'react';
import { Dialog } from '../parts/dialog.tsx';
import { Broken, Guard } from '../parts/guard.tsx';
import { usePrefetched } from '../parts/use-prefetched.ts';
import type { ActionDialogProps } from './action-dialog.tsx';
import type { ActionName } from './action-words.ts';

const loadDialog = () => import('./action-dialog.tsx');
const ActionDialog = lazy(loadDialog);

type AskAboutProps = Omit<ActionDialogProps, 'action'> & { action: ActionName | null };

/** Asks about an action where there is one. The dialogs come once what they are about is there: the connection may be away later. */
export function AskAbout({ action, ...props }: AskAboutProps) {
  usePrefetched(loadDialog, 0);
  if (!action) return null;
  return (
    <Guard fallback={<NothingDone onClose={props.onClose} />}>
      <ActionDialog action={action} {...props} />
    </Guard>
  );
}

/** In place of a question whose script did not come. */
export const NothingDone = ({ onClose }: { onClose: () => void }) => (
  <Dialog title="Nothing was done" onClose={onClose}>
    <Broken />
  </Dialog>
);
