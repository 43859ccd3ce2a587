import type { NextConfig } from 'next';

const { SUPABASE_URL = '', SUPABASE_ANON_KEY = '' } = process.env;

const nextConfig: NextConfig = {
  cacheComponents: true,
  partialPrefetching: true,
  // Temporal's client and worker threads are not for bundling; the application's router and the nested one need the same copy of tRPC.
  serverExternalPackages: ['runledger', '@trpc/server'],
  // What the browser needs to sign in.
  env: { NEXT_PUBLIC_SUPABASE_URL: SUPABASE_URL, NEXT_PUBLIC_SUPABASE_ANON_KEY: SUPABASE_ANON_KEY },
};

export default nextConfig;
