import { RunledgerProvider } from '@runledger/client/react';
import type { Session } from '@supabase/supabase-js';
import { useEffect, useState } from 'react';
import { Orders } from './orders.tsx';
import { runledger } from './runledger.ts';
import { SignIn } from './sign-in.tsx';
import { supabase } from './supabase.ts';

export function App() {
  const [session, setSession] = useState<Session | null>(null);
  useEffect(() => {
    const { data } = supabase.auth.onAuthStateChange((_, next) => setSession(next));
    return () => data.subscription.unsubscribe();
  }, []);
  // Also where it was in another tab: whoever signs in next must not see what is in memory.
  const isSignedIn = session !== null;
  useEffect(() => {
    if (!isSignedIn) runledger.forget();
  }, [isSignedIn]);
  if (!session) return <SignIn />;
  return (
    <RunledgerProvider runledger={runledger}>
      <Orders email={session.user.email ?? ''} />
    </RunledgerProvider>
  );
}
