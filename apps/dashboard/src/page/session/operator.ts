import type { Session } from '@supabase/auth-js';

/** What the page offers; what they may do is the API’s to decide. */
export function isOperator(session: Session | null): boolean {
  return session?.user.app_metadata?.runledger_role === 'operator';
}
