import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const { SUPABASE_URL = '', SUPABASE_ANON_KEY = '', RUNLEDGER_URL = 'http://127.0.0.1:54330' } = process.env;
/** The page calls /trpc of its own origin. In production a reverse proxy does the same, or the API names the origin in CORS_ORIGINS. */
const proxy = { '/trpc': RUNLEDGER_URL };

export default defineConfig({
  plugins: [react()],
  // By name: a prefix would also give the browser the service-role key.
  define: {
    'import.meta.env.SUPABASE_URL': JSON.stringify(SUPABASE_URL),
    'import.meta.env.SUPABASE_ANON_KEY': JSON.stringify(SUPABASE_ANON_KEY),
  },
  server: { host: '127.0.0.1', proxy },
  preview: { host: '127.0.0.1', proxy },
});
