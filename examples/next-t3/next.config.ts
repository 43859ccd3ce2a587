import type { NextConfig } from 'next';

const { SUPABASE_URL = '', SUPABASE_ANON_KEY = '' } = process.env;

const nextConfig: NextConfig = {
  // Temporal's client and worker threads are not for bundling.
  serverExternalPackages: ['runledger'],
  // What the browser needs to sign in.
  env: { NEXT_PUBLIC_SUPABASE_URL: SUPABASE_URL, NEXT_PUBLIC_SUPABASE_ANON_KEY: SUPABASE_ANON_KEY },
};

export default nextConfig;
