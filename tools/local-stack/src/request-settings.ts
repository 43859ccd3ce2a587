import type { ApiLimits, TransactionSetting } from './api-limits.ts';
import type { LiteConnection } from './lite-connection.ts';
import { calledFunction } from './row-limit.ts';

/** A transaction of Lite's query builder. */
type LiteTransaction = { executeQuery(query: object): Promise<unknown> };

/** Who asks, as Lite read it from the token. */
type LiteContext = {
  auth?: { role?: string; uid?: string | null; jwt?: object };
  storage?: { operation?: string };
};

type LiteCall = { path: string; method: string; requestHeaders?: object };

/** What Lite's connections have but do not declare. */
type Internals = {
  applyJwtSessionContext(on: LiteTransaction, context: LiteContext): Promise<void>;
  applyRpcRequestGucs(on: LiteTransaction, call: LiteCall): Promise<void>;
};

/** In one statement, as PostgREST does it. */
async function applySettings(on: LiteTransaction, settings: TransactionSetting[]): Promise<void> {
  const sql = `select ${settings.map((_, n) => `set_config($${2 * n + 1}, $${2 * n + 2}, true)`).join(', ')}`;
  const parameters = settings.flatMap(({ name, value }) => [name, value]);
  // As Kysely compiles a query, which is not a dependency of this package.
  await on.executeQuery({ sql, parameters, query: { kind: 'RawNode' }, queryId: { queryId: sql } });
}

function settingsOfCaller({ auth, storage }: LiteContext, limits: ApiLimits): TransactionSetting[] {
  const role = auth?.role || 'anon';
  return [
    ...limits.settingsOf(role),
    { name: 'role', value: role },
    { name: 'request.jwt.claim.sub', value: String(auth?.uid ?? '') },
    { name: 'request.jwt.claim.role', value: role },
    { name: 'storage.operation', value: String(storage?.operation ?? '') },
    ...(typeof auth?.jwt === 'object' ? [{ name: 'request.jwt.claims', value: JSON.stringify(auth.jwt) }] : []),
  ];
}

const settingsOfCall = ({ path, method, requestHeaders }: LiteCall, limits: ApiLimits): TransactionSetting[] => [
  { name: 'response.status', value: '' },
  { name: 'response.headers', value: '' },
  { name: 'request.method', value: method },
  { name: 'request.path', value: path },
  { name: 'request.headers', value: JSON.stringify(requestHeaders ?? {}) },
  ...limits.settingsOfFunction(calledFunction(path) ?? ''),
];

/**
 * Gives each request's transaction its caller, its call, and the limits of its role and of the function that it calls, as
 * PostgREST does. Postgres enforces the limits; PGlite, which has no timers, only knows them. Lite 0.10.0 sets what it sets
 * one by one: twelve statements a request, most of what a small one costs.
 */
export function settleRequests(connection: LiteConnection, limits: () => ApiLimits): void {
  const internals = connection as unknown as Internals;
  internals.applyJwtSessionContext = (on, context) => applySettings(on, settingsOfCaller(context, limits()));
  internals.applyRpcRequestGucs = (on, call) => applySettings(on, settingsOfCall(call, limits()));
}
