/** What the code in documents is run against: a ledger, Temporal, the API, and a user who has a workflow. */
import { connect, createApi, readEnv } from '@runledger/api';
import { createRunledgerClient } from '@runledger/client';
import { startSupabase, startTemporal } from '@runledger/local-stack';
import { pino } from 'pino';
import type { Addresses } from './readmes.ts';

export interface ReaderStack extends AsyncDisposable {
  addresses: Addresses;
  variables: Record<string, string>;
}

export async function startReaderStack(): Promise<ReaderStack> {
  const [database, temporal] = await Promise.all([
    startSupabase({ database: { kind: 'pglite' } }),
    startTemporal({ address: null }),
  ]);
  const env = readEnv({
    SUPABASE_URL: database.url,
    SUPABASE_ANON_KEY: database.anonKey,
    SUPABASE_SERVICE_ROLE_KEY: database.serviceRoleKey,
    SUPABASE_JWT_SECRET: database.jwtSecret,
    TEMPORAL_ADDRESS: temporal.address,
    RUNLEDGER_STARTABLE: '[{"workflowType":"order","taskQueue":"orders"}]',
  });
  const parts = connect(env, pino({ level: 'silent' }));
  const api = await createApi({ ...parts, startable: env.RUNLEDGER_STARTABLE }).listen({ port: 0, host: '127.0.0.1' });
  const user = { email: 'reader@example.com', password: 'correct horse battery staple' };
  const { id } = await database.createUser(user);
  const answer = await fetch(`${database.url}/auth/v1/token?grant_type=password`, {
    method: 'POST',
    headers: { apikey: database.anonKey, 'content-type': 'application/json' },
    body: JSON.stringify(user),
  });
  const { access_token: token } = (await answer.json()) as { access_token: string };
  const client = createRunledgerClient({ url: `${api.url}/trpc`, getToken: () => token });
  const workflow = await client.workflow.create.mutate({
    name: 'Order',
    workflowType: 'order',
    taskQueue: 'orders',
  });
  return {
    addresses: [
      ['http://127.0.0.1:54330', api.url],
      ['localhost:7233', temporal.address],
    ],
    variables: {
      SUPABASE_URL: database.url,
      SUPABASE_ANON_KEY: database.anonKey,
      SUPABASE_SERVICE_ROLE_KEY: database.serviceRoleKey,
      TEMPORAL_ADDRESS: temporal.address,
      RUNLEDGER_STARTABLE: '[]',
      LOG_LEVEL: 'silent',
      TOKEN: token,
      USER_ID: id,
      WORKFLOW_ID: workflow.id,
    },
    async [Symbol.asyncDispose]() {
      await api.drain(1_000);
      await parts.close();
      await database.stop();
      await temporal.stop();
    },
  };
}
