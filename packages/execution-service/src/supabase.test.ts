import { createClient } from '@supabase/supabase-js';
import { afterEach, expect, test, vi } from 'vitest';
import { connectSupabase } from './supabase.ts';

const URL = 'http://127.0.0.1:1';

afterEach(() => {
  vi.unstubAllGlobals();
});

test('a client is made where there is no WebSocket, as in Node 20, which supabase-js alone refuses', () => {
  vi.stubGlobal('WebSocket', undefined);
  expect(() => createClient(URL, 'key')).toThrow('WebSocket');
  expect(connectSupabase({ url: URL, key: 'key' })).toBeDefined();
});
