import { existsSync } from 'node:fs';
import { App } from '@supabase/lite';
import type { ApiLimits } from './api-limits.ts';
import { readApiLimits } from './api-limits.ts';
import { catalogUnread, countFailedCatalogReads } from './catalog-reads.ts';
import { listen } from './http-listener.ts';
import type { LiteConnection } from './lite-connection.ts';
import { openLitePglite } from './lite-connection.ts';
import { copyMigratedFolder, temporaryMigratedFolder } from './migrated-pglite.ts';
import { applyMigrations } from './migrations.ts';
import { viewPglite } from './open-pglite.ts';
import { settleRequests } from './request-settings.ts';
import { cutRows, isCountedInRows } from './row-limit.ts';
import { readProjectConfig } from './schemas.ts';
import type { SqlDatabase } from './sql-database.ts';
import type { SupabaseKeys } from './supabase-keys.ts';
import { createSupabaseKeys } from './supabase-keys.ts';
import { supabasePlatformSql } from './supabase-platform.ts';

export type StartSupabaseOptions = Partial<SupabaseKeys> & {
  /** PGlite in this process (without `dataDir`, for as long as it runs), or a database of a running Postgres. */
  database: { kind: 'pglite'; dataDir?: string } | { kind: 'postgres'; url: string };
  /** Default: a free one. */
  port?: number;
  /** Default: 127.0.0.1. */
  host?: string;
  /** Applies supabase/migrations before serving. Default: true. */
  migrate?: boolean;
  migrationsDir?: string;
  /** Applies supabase/compatibility after them: the names of hand-written ledgers, in public. */
  compatibility?: boolean;
  /** Schemas that the API serves, the first one where a request names none. Default: those of supabase/config.toml. */
  schemas?: string[];
  /** Called before each migration that may have to be applied: which one of how many. */
  onMigration?: (number: number, of: number) => void;
  /** Rows that an answer has at most: PostgREST's max-rows. Default: 1,000, as hosted projects have it. */
  maxRows?: number;
};

/** Above it nginx, which stands before hosted and self-hosted projects, answers 414 (`large_client_header_buffers`). */
const MAX_URL_LENGTH = 8_192;

export type LocalSupabase = {
  url: string;
  /** The publishable and the secret key: in the place of what older projects call anon key and service role key. */
  anonKey: string;
  serviceRoleKey: string;
  jwtSecret: string;
  /** Past the API, as the owner of the database. */
  database: SqlDatabase;
  /** Signs up, or signs in where the user exists. Throws where that user has another password. */
  createUser(user: { email: string; password: string }): Promise<{ id: string }>;
  /** To be called after the schema or a role's settings have changed: the API keeps what it has read of them. */
  reloadSchema(): Promise<void>;
  stop(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
};

/** `isMigrated`: it began as a copy of a migrated database. */
type Backend = { connection: LiteConnection; database: SqlDatabase; isMigrated: boolean };

async function openBackend(options: StartSupabaseOptions): Promise<Backend> {
  const { database, migrate = true, migrationsDir, compatibility, onMigration } = options;
  if (database.kind === 'postgres') {
    // Its drivers are loaded where they are used: they cost a start on PGlite a tenth of a second of CPU time.
    const { openLitePostgres } = await import('./lite-postgres.ts');
    const { openPostgres } = await import('./open-postgres.ts');
    return {
      connection: openLitePostgres(database.url),
      database: await openPostgres(database.url),
      isMigrated: false,
    };
  }
  // Nothing there yet: start from a copy of a migrated database, which is quicker than making one.
  const { dataDir } = database;
  const isMigrated = migrate && !(dataDir && existsSync(dataDir));
  const fill = (folder: string, copy: Blob) => fillTemplate(folder, copy, options);
  const sources = { migrationsDir, compatibility, onMigration, fill, name: 'api' };
  if (isMigrated && dataDir) await copyMigratedFolder({ ...sources, dataDir });
  const temporary = isMigrated && !dataDir ? await temporaryMigratedFolder(sources) : undefined;
  const connection = await openLitePglite({ dataDir: dataDir ?? temporary?.dataDir, loadDataDir: undefined });
  const view = viewPglite(connection.driver);
  const close = () => view.close().finally(temporary?.remove);
  return { connection, database: { ...view, close, [Symbol.asyncDispose]: close }, isMigrated };
}

/** Also has the tables of Lite, which take half a second to make. They hold no keys. */
async function fillTemplate(dataDir: string, copy: Blob, { schemas }: StartSupabaseOptions): Promise<void> {
  const connection = await openLitePglite({ dataDir, loadDataDir: copy });
  try {
    await createApp(connection, createSupabaseKeys(), schemas ?? (await projectSchemas())).ensureSystemSchema();
  } finally {
    await connection.close();
    await viewPglite(connection.driver).close();
  }
}

const projectSchemas = async () => (await readProjectConfig()).apiSchemas;

/** Lite's App sends no telemetry; that (and Sentry) is in its command line, which is not used here. */
function createApp(connection: LiteConnection, keys: SupabaseKeys, schemas: string[]): App {
  return new App({
    connection,
    api: { schemas },
    auth: {
      enabled: true,
      jwt_secret: keys.jwtSecret,
      publishable_key: keys.publishableKey,
      secret_key: keys.secretKey,
      enable_signup: true,
      email: { enable_signup: true, enable_confirmations: false },
    },
    storage: { enabled: false },
    studio: { enabled: false },
    // Admin mode serves every request without a key as service_role.
    options: { server: { admin: false, disableStudio: true } },
  });
}

async function prepareDatabase(
  app: App,
  { database, isMigrated }: Backend,
  options: StartSupabaseOptions,
): Promise<void> {
  await app.ensureSystemSchema();
  if (!isMigrated) {
    await database.exec(supabasePlatformSql);
    if (options.migrate ?? true) await applyMigrations(database, options);
  }
}

/** Lite also serves `/_system`, which tells everybody the url of the database with its password. */
const isApi = (request: Request): boolean => /^\/(rest|auth)\/v1(\/|$)/.test(new URL(request.url).pathname);

interface AnswerOptions {
  peerAddress: string | null;
  maxRows: number;
  limits: ApiLimits;
  /** How often the catalog could not be read so far. */
  failedReads(): number;
}

/** Pages of any origin may call, with whatever headers, as a project's gateway has it. */
function preflight(request: Request): Response {
  const headers = {
    'access-control-allow-origin': '*',
    'access-control-allow-methods': 'GET,HEAD,PUT,PATCH,POST,DELETE,OPTIONS',
    'access-control-allow-headers': request.headers.get('access-control-request-headers') ?? '*',
    'access-control-max-age': '3600',
  };
  return new Response(null, { status: 204, headers });
}

/** The API with the bounds that a project's gateway and PostgREST put on it. */
async function answer(
  app: App,
  request: Request,
  { peerAddress, maxRows, limits, failedReads }: AnswerOptions,
): Promise<Response> {
  if (!isApi(request)) return Response.json({ message: 'Not found' }, { status: 404 });
  if (request.method === 'OPTIONS') return preflight(request);
  if (request.url.length > MAX_URL_LENGTH) return new Response('Request-URI Too Large', { status: 414 });
  const counted = isCountedInRows(request, limits.returnsRows);
  const failedBefore = failedReads();
  const response = await app.fetch(request, { peerAddress });
  if (response.status === 404 && failedReads() > failedBefore) return catalogUnread();
  if (!counted || !response.ok) return response;
  const text = await response.text();
  const headers = new Headers(response.headers);
  headers.delete('content-length');
  return new Response(cutRows(text, maxRows), { status: response.status, headers });
}

/** As `answer`; pages of any origin may read it. */
async function answerAnyOrigin(...request: Parameters<typeof answer>): Promise<Response> {
  const response = await answer(...request);
  const headers = new Headers(response.headers);
  headers.set('access-control-allow-origin', '*');
  return new Response(response.body, { status: response.status, headers });
}

type AuthAnswer = { user?: { id: string }; msg?: string };

/**
 * Serves the Supabase API (PostgREST and GoTrue, no Realtime, no Storage) over a database, with the migrations applied.
 * Ready in 0.1 s on Postgres, 0.3 to 1 s on PGlite, 5 s on the first PGlite of a version of the migrations: its data folder
 * is kept, and later ones are copies.
 */
export async function startSupabase(options: StartSupabaseOptions): Promise<LocalSupabase> {
  const random = createSupabaseKeys();
  const keys: SupabaseKeys = {
    jwtSecret: options.jwtSecret ?? random.jwtSecret,
    publishableKey: options.publishableKey ?? random.publishableKey,
    secretKey: options.secretKey ?? random.secretKey,
  };
  const backend = await openBackend(options);
  const { connection, database } = backend;
  const close = async () => {
    await connection.close();
    await database.close();
  };
  const schemas = options.schemas ?? (await projectSchemas());
  const failedReads = countFailedCatalogReads(connection);
  const app = createApp(connection, keys, schemas);
  let limits: ApiLimits;
  const reloadSchema = async () => {
    limits = await readApiLimits(database, schemas);
    await connection.clearSchemaCache();
  };
  settleRequests(connection, () => limits);
  const { maxRows = 1_000 } = options;
  const serve = async () => {
    await prepareDatabase(app, backend, options);
    await reloadSchema();
    return listen(options.host ?? '127.0.0.1', options.port ?? 0, (request, peerAddress) =>
      answerAnyOrigin(app, request, { peerAddress, maxRows, limits, failedReads }),
    );
  };
  const listener = await serve().catch(async (error: unknown) => {
    await close();
    throw error;
  });

  async function authenticate(path: string, body: { email: string; password: string }): Promise<AuthAnswer> {
    const headers = { apikey: keys.publishableKey, 'content-type': 'application/json' };
    const response = await fetch(`${listener.url}/auth/v1/${path}`, {
      method: 'POST',
      headers,
      body: JSON.stringify(body),
    });
    return (await response.json()) as AuthAnswer;
  }

  let stopping: Promise<void> | undefined;
  const stop = () => {
    stopping ??= listener.close().then(close);
    return stopping;
  };
  return {
    url: listener.url,
    anonKey: keys.publishableKey,
    serviceRoleKey: keys.secretKey,
    jwtSecret: keys.jwtSecret,
    database,
    async createUser(user) {
      const signUp = await authenticate('signup', user);
      if (signUp.user) return { id: signUp.user.id };
      const signIn = await authenticate('token?grant_type=password', user);
      if (signIn.user) return { id: signIn.user.id };
      throw new Error(`${user.email} can neither sign up (${signUp.msg}) nor sign in (${signIn.msg}).`);
    },
    reloadSchema,
    stop,
    [Symbol.asyncDispose]: stop,
  };
}
