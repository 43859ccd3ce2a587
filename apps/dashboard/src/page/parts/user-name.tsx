import { useSession } from '../session/session.ts';
import { userLabel } from './row-words.ts';

/** Whose it is. */
export function UserName({ of }: { of: { userName: string | null; createdBy: string } }) {
  const session = useSession();
  const label = userLabel(of, session?.user);
  return <span title={`${label}, ${of.createdBy}`}>{label}</span>;
}
