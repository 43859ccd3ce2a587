import 'server-only';
import { createServerClient } from '@supabase/ssr';
import { cookies } from 'next/headers';

/** The token of whoever the cookies of this request belong to. Whether it is good is checked by whom it is shown to. */
export async function accessToken(): Promise<string | null> {
  const store = await cookies();
  const supabase = createServerClient(
    process.env.NEXT_PUBLIC_SUPABASE_URL as string,
    process.env.NEXT_PUBLIC_SUPABASE_ANON_KEY as string,
    // Server components cannot write cookies: the browser refreshes its session.
    { cookies: { getAll: () => store.getAll(), setAll: () => undefined } },
  );
  const { data } = await supabase.auth.getSession();
  return data.session?.access_token ?? null;
}
