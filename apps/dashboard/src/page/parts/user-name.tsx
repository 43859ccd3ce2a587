import { useSession } from '../session/session.ts';
import { userLabel } from './row-words.ts';

/** Whose it is. */
export function UserName({ of }: { of: { userName: string | null; createdBy: string } }) {
  const session = useSession();
  return <span title={of.createdBy}>{userLabel(of, session?.user)}</span>;
}
