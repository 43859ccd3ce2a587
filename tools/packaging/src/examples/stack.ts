import type { RunledgerClient } from '@runledger/client';
import { createRunledgerClient } from '@runledger/client';
import type { LocalSupabase, LocalTemporal } from '@runledger/local-stack';
import { freePort, startTemporal, startTestSupabase } from '@runledger/local-stack';
import { Client, Connection } from '@temporalio/client';

export interface ExampleUser {
  id: string;
  email: string;
  password: string;
  token: string;
  /** Calls the API at an address as this user. */
  client(apiUrl: string): RunledgerClient;
  /** Defines the workflow that examples start, and answers its id. */
  defineWorkflow(apiUrl: string, workflow?: { workflowType: string; taskQueue: string }): Promise<string>;
}

/** What examples run on: one Supabase and one Temporal for all of them. */
export interface ExampleStack extends AsyncDisposable {
  supabase: LocalSupabase;
  temporal: LocalTemporal;
  /** As an example is given them; with a port of its own for the API. */
  variables(): Promise<Record<string, string> & { RUNLEDGER_API_PORT: string }>;
  signUp(name: string): Promise<ExampleUser>;
  /** Everything that Temporal has of a workflow, as text. */
  history(workflowId: string): Promise<string>;
}

export async function startExampleStack(): Promise<ExampleStack> {
  const [supabase, temporal] = await Promise.all([startTestSupabase(), startTemporal({ address: null })]);
  return {
    supabase,
    temporal,
    variables: async () => ({
      SUPABASE_URL: supabase.url,
      SUPABASE_ANON_KEY: supabase.anonKey,
      SUPABASE_SERVICE_ROLE_KEY: supabase.serviceRoleKey,
      SUPABASE_JWT_SECRET: supabase.jwtSecret,
      TEMPORAL_ADDRESS: temporal.address,
      RUNLEDGER_API_PORT: `${await freePort()}`,
    }),
    signUp: (name) => signUp(supabase, name),
    history: (workflowId) => readHistory(temporal.address, workflowId),
    async [Symbol.asyncDispose]() {
      await Promise.all([temporal.stop(), supabase.stop()]);
    },
  };
}

async function signUp(supabase: LocalSupabase, name: string): Promise<ExampleUser> {
  const user = { email: `${name}@example.com`, password: 'a long enough password' };
  const { id } = await supabase.createUser(user);
  const answer = await fetch(`${supabase.url}/auth/v1/token?grant_type=password`, {
    method: 'POST',
    headers: { apikey: supabase.anonKey, 'content-type': 'application/json' },
    body: JSON.stringify(user),
  });
  const { access_token: token } = (await answer.json()) as { access_token: string };
  const client = (apiUrl: string) => createRunledgerClient({ url: `${apiUrl}/trpc`, getToken: () => token });
  return {
    id,
    ...user,
    token,
    client,
    async defineWorkflow(apiUrl, workflow = { workflowType: 'order', taskQueue: 'orders' }) {
      const { id } = await client(apiUrl).workflow.create.mutate({ name: 'Order', ...workflow });
      return id;
    },
  };
}

async function readHistory(address: string, workflowId: string): Promise<string> {
  const connection = await Connection.connect({ address });
  try {
    const { events } = await new Client({ connection }).workflow.getHandle(workflowId).fetchHistory();
    return textsOf(events).join('\n');
  } finally {
    await connection.close();
  }
}

/** Every text and every bytes in an answer of Temporal. */
function textsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (value instanceof Uint8Array) return [Buffer.from(value).toString('latin1')];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsOf) : [];
}
