'use client';

import { supabase } from '~/trpc/supabase';

/** Whoever signs in next must not see what is in memory: the page starts anew. */
async function signOut() {
  await supabase().auth.signOut();
  location.reload();
}

export const SignOut = () => (
  <button type="button" onClick={signOut}>
    Sign out
  </button>
);
