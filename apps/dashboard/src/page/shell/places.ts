import type { Session } from '@supabase/auth-js';
import { House, ScrollText, Settings, ShieldCheck, TriangleAlert, Workflow } from 'lucide-react';
import { isOperator } from '../session/operator.ts';

/** A page that one can always go to. */
interface Place {
  href: string;
  label: string;
  /** As tinykeys writes them. */
  keys: string;
  icon: typeof House;
}

export const placesOf = (session: Session | null): Place[] => [
  { href: '/', label: 'Overview', keys: 'g o', icon: House },
  { href: '/executions', label: 'Executions', keys: 'g e', icon: ScrollText },
  { href: '/failures', label: 'Failures', keys: 'g f', icon: TriangleAlert },
  { href: '/workflows', label: 'Workflows', keys: 'g w', icon: Workflow },
  // Users see there how sure the ledger is of their own.
  isOperator(session)
    ? { href: '/system', label: 'System', keys: 'g s', icon: Settings }
    : { href: '/system', label: 'Proof', keys: 'g s', icon: ShieldCheck },
];
