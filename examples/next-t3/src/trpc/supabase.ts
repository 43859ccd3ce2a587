import { createBrowserClient } from '@supabase/ssr';

/** Keeps the session in cookies, where server components find it too. */
export const supabase = () =>
  createBrowserClient(
    process.env.NEXT_PUBLIC_SUPABASE_URL as string,
    process.env.NEXT_PUBLIC_SUPABASE_ANON_KEY as string,
  );
