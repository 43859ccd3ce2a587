import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ExecutionService } from '@runledger/contracts';
import { connectSupabase, createExecutionService } from '@runledger/execution-service';
import type { SqlDatabase, TcpProxy } from '@runledger/local-stack';
import { createSupabaseKeys, openPostgres } from '@runledger/local-stack';
import type { Client } from '@temporalio/client';
import { USER_ATTRIBUTE } from '../steps.ts';
import type { ConnectionName, Ports } from './connections.ts';
import { freePorts, startConnections } from './connections.ts';
import type { DefinitionName } from './definitions.ts';
import { DEFINITIONS } from './definitions.ts';
import type { Part } from './part.ts';
import { startPart } from './part.ts';
import type { PostgresPart } from './postgres-part.ts';
import { startPostgresPart } from './postgres-part.ts';
import { connectTemporal } from './temporal-client.ts';
import type { TemporalPart } from './temporal-part.ts';
import { startTemporalPart } from './temporal-part.ts';
import type { User } from './users.ts';
import { signUp } from './users.ts';
import { variablesOf } from './variables.ts';

const file = (relative: string) => fileURLToPath(new URL(relative, import.meta.url));

export interface SystemOptions {
  /** The API's main file. Default: that of this repository. */
  apiMain?: string;
  /** The monitor worker's main file. Default: that of this repository. */
  workerMain?: string;
  /** How many monitor workers stand by. Default 2. */
  workers?: number;
  /** More variables for the monitor workers. */
  workerEnv?: Record<string, string>;
}

/** Everything that Runledger is and runs on, as real processes with breakable connections. */
export interface System {
  users: User[];
  /** Row ids of the workflows that the users start. */
  definitions: Record<DefinitionName, string>;
  /** For apps that record what they start themselves. */
  service: ExecutionService;
  /** Past all proxies. */
  temporal: Client;
  database: SqlDatabase;
  connections: Record<ConnectionName, TcpProxy>;
  parts: {
    api: Part;
    workflows: Part;
    supabase: Part;
    workers: Part[];
    postgres: PostgresPart;
    temporal: TemporalPart;
  };
  /** Logs of the processes; kept when asked to. */
  folder: string;
  keepFolder(): void;
  [Symbol.asyncDispose](): Promise<void>;
}

type Owned = <T extends { stop(): Promise<void> }>(part: T) => T;

/** A folder for data and logs, removed in the end unless it is to be kept. */
async function openFolder(stack: AsyncDisposableStack) {
  const folder = await mkdtemp(join(tmpdir(), 'runledger-conformance-'));
  // Postgres may run as another user, who has to get in.
  await chmod(folder, 0o755);
  let isKept = false;
  stack.defer(async () => {
    if (!isKept) await rm(folder, { recursive: true, force: true });
  });
  const keepFolder = () => {
    isKept = true;
  };
  return { folder, keepFolder };
}

async function startStores(folder: string, ports: Ports, owned: Owned) {
  const [postgres, temporal] = await Promise.all([
    startPostgresPart({ version: 17, dataDir: folder, port: ports.postgres }).then(owned),
    startTemporalPart({
      dbFilename: join(folder, 'temporal.db'),
      port: ports.temporal,
      searchAttributes: { [USER_ATTRIBUTE]: 'Keyword' },
    }).then(owned),
  ]);
  return { postgres, temporal };
}

async function openSystem(
  options: SystemOptions,
  stack: AsyncDisposableStack,
): Promise<Omit<System, typeof Symbol.asyncDispose>> {
  const owned: Owned = (part) => stack.adopt(part, (it) => it.stop());
  const { folder, keepFolder } = await openFolder(stack);
  const ports = await freePorts();
  const keys = createSupabaseKeys();
  const connections = await startConnections(ports);
  for (const proxy of Object.values(connections)) owned(proxy);
  const stores = await startStores(folder, ports, owned);
  const databaseUrl = stores.postgres.url('ledger');
  const variables = variablesOf({ keys, ports, connections, databaseUrl });

  const start = (name: string, main: string, env: Record<string, string>) =>
    startPart({ name, file: main, env, logFile: join(folder, `${name.replaceAll(' ', '-')}.log`) }).then(owned);
  const [supabase, api, workflows] = await Promise.all([
    start('the Supabase API', file('../processes/supabase.ts'), variables.supabase),
    start('the API', options.apiMain ?? file('../../../../apps/api/src/main.ts'), variables.api),
    start('the workflow worker', file('../processes/workflow-worker.ts'), variables.workflows),
  ]);
  const supabaseUrl = `http://127.0.0.1:${ports.supabase}`;
  const urls = {
    api: `http://${connections['client → api'].address}`,
    supabase: supabaseUrl,
    anonKey: keys.publishableKey,
  };
  const [ada, grace] = [await signUp('ada', urls), await signUp('grace', urls)];
  const definitions = await define(ada);
  const workerMain = options.workerMain ?? file('../../../../apps/worker/src/main.ts');
  const workers = await Promise.all(
    Array.from({ length: options.workers ?? 2 }, (_, n) =>
      start(`worker ${n + 1}`, workerMain, { ...variables.worker(ada.id, grace.id), ...options.workerEnv }),
    ),
  );
  const temporal = connectTemporal(stores.temporal.address);
  stack.defer(() => temporal.connection.close());
  return {
    ...{ folder, keepFolder, users: [ada, grace], definitions, temporal, connections },
    database: stack.use(await openPostgres(databaseUrl, { max: 4 })),
    service: createExecutionService(connectSupabase({ url: supabaseUrl, key: keys.secretKey })),
    parts: { api, workflows, supabase, workers, ...stores },
  };
}

async function define(owner: User): Promise<Record<DefinitionName, string>> {
  const made: [string, string][] = [];
  for (const [name, definition] of Object.entries(DEFINITIONS)) {
    const { id } = await owner.client.workflow.create.mutate(definition);
    made.push([name, id]);
  }
  return Object.fromEntries(made) as Record<DefinitionName, string>;
}

/** Starts everything, in 5 to 10 s. It ends with the result, or with this process. */
export async function startSystem(options: SystemOptions = {}): Promise<System> {
  await using stack = new AsyncDisposableStack();
  const system = await openSystem(options, stack);
  const opened = stack.move();
  return { ...system, [Symbol.asyncDispose]: () => opened.disposeAsync() };
}
