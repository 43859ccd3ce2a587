import { createHmac, randomUUID } from 'node:crypto';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { openChromium } from '@runledger/browser';
import type { Json, SetQuotaInput } from '@runledger/contracts';
import {
  connectSupabase,
  createExecutionService,
  createLedger,
  createQuotaService,
} from '@runledger/execution-service';
import { temporaryFolder } from '@runledger/local-stack';
import { Client, Connection } from '@temporalio/client';
import type { PayloadCodec } from '@temporalio/common';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { DEMO_TASK_QUEUE } from '../definitions.ts';
import type { LocalFile } from '../fixtures/demo-process.ts';
import { startDemo } from '../fixtures/demo-process.ts';
import { signInFrom } from '../fixtures/script-user.ts';
import type { Secrets } from '../secrets.ts';
import type { Site } from './site.ts';
import { startSite } from './site.ts';

/** Those of the demo. */
export type User = 'ada' | 'grace' | 'linus';
const USERS: User[] = ['ada', 'grace', 'linus'];
/** Somebody else, who signs in by password. */
type Credentials = LocalFile['demoUsers'][number];

/** A tab that a user has signed in to. */
export interface OpenPage {
  page: Page;
  /** What the browser complained about: refused scripts, errors, failed requests. */
  complaints: string[];
  close(): Promise<void>;
}

/** What is written of an execution beside whose it is, and when it began. */
interface Recorded {
  tags?: string[];
  input?: Json;
  started_at?: string;
  engine?: 'temporal';
  temporal_namespace?: string;
  temporal_workflow_id?: string;
  temporal_run_id?: string;
}

/** The whole product with the page, as `npm start` runs it, and a real browser. No traffic but that of the tests. */
export interface PageFixture {
  url: string;
  browser: Browser;
  /** The API as one of the demo's users. */
  as(user: User): ReturnType<typeof signInFrom>;
  /** The API as one of those. */
  asUser(user: Credentials): ReturnType<typeof signInFrom>;
  /** A user who has started nothing, and whom no other test knows. @returns the user's id */
  signUp(user: Credentials): Promise<string>;
  /** A workflow of a type that no worker has, which stands still as after a bad deployment. @returns its execution's id */
  startStuck(user: User, more?: { input: object; payloadCodecs: PayloadCodec[] }): Promise<string>;
  /** Registers a run as an execution of a user's, as an application does that started it by itself. @returns its id */
  register(user: User, run: { temporalWorkflowId: string; temporalRunId: string }): Promise<string>;
  /** Has the monitor take an open execution for late, and look at it again in an hour. */
  findLate(id: string, reason: string): Promise<void>;
  /** Writes a number of executions that no engine runs, a second apart, in one request. @returns their ids */
  record(userId: string, count: number, more?: Recorded): Promise<string[]>;
  /** Writes workflows that only their user knows. */
  define(userId: string, names: string[]): Promise<void>;
  /** Limits what somebody may run. */
  limit(input: SetQuotaInput): Promise<unknown>;
  /** Tells how far one of those is. */
  report(id: string, progress: { step: number; steps: number; message: string }): Promise<unknown>;
  /** Has one of those fail. */
  fail(id: string, message: string): Promise<unknown>;
  /** Ends one of those, as the application does that runs it. */
  finish(id: string): Promise<unknown>;
  /** The same with the page in a folder of a site, like `/runs`. @param variables What its API is told beside that */
  serveUnder(folder: string, variables?: Record<string, string>): Promise<Site>;
  /** Ids of the demo's workflows by their types. */
  workflows: Record<string, string>;
  /** @param options.url Where the page is. Default: where the API is. */
  open(path: string, options?: BrowserContextOptions & { user?: User | Credentials; url?: string }): Promise<OpenPage>;
  /** A tab of an operator, whose session the project’s auth server has given before. */
  openAsOperator(path: string): Promise<OpenPage>;
  stop(): Promise<void>;
}

export async function startPageFixture(): Promise<PageFixture> {
  const folder = await temporaryFolder('page');
  const demo = await startDemo(folder, [], { RUNLEDGER_DEMO_RATE: '0' });
  const [local, browser] = await Promise.all([demo.ready(), openChromium()]);
  const as = (user: User) => signInFrom(local, [local.demoUsers[USERS.indexOf(user)]] as LocalFile['demoUsers']);
  const { client } = await as('ada');
  const { items } = await client.workflow.list.query();
  const workflows = Object.fromEntries(items.map(({ workflowType, id }) => [workflowType, id]));
  const readSecrets = async () => JSON.parse(await readFile(join(folder, 'secrets.json'), 'utf8')) as Secrets;
  const database = connectSupabase({ url: local.supabaseUrl, key: local.supabaseServiceRoleKey });
  function watch(page: Page): string[] {
    const complaints: string[] = [];
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
    });
    return complaints;
  }
  return {
    url: local.apiUrl,
    browser,
    async openAsOperator(path) {
      const { keys } = await readSecrets();
      const user = { id: randomUUID(), email: 'olga@example.com', app_metadata: { runledger_role: 'operator' } };
      const expiresAt = Math.floor(Date.now() / 1_000) + 3_600;
      const claims = {
        sub: user.id,
        aud: 'authenticated',
        role: 'authenticated',
        exp: expiresAt,
        app_metadata: user.app_metadata,
      };
      const session = {
        access_token: tokenOf(claims, keys.jwtSecret),
        refresh_token: 'none',
        expires_at: expiresAt,
        expires_in: 3_600,
        token_type: 'bearer',
        user,
      };
      const context = await browser.newContext({ viewport: { width: 1_280, height: 800 } });
      await context.addInitScript((text) => {
        (globalThis as unknown as { localStorage: Record<string, string> }).localStorage['runledger.session'] = text;
      }, JSON.stringify(session));
      const page = await context.newPage();
      const complaints = watch(page);
      await page.goto(local.apiUrl + path);
      await page.getByRole('banner').waitFor();
      return { page, complaints, close: () => context.close() };
    },
    as,
    asUser: (user) => signInFrom(local, [user]),
    async signUp(user) {
      const headers = { apikey: local.supabaseAnonKey, 'content-type': 'application/json' };
      const asked = { method: 'POST', headers, body: JSON.stringify(user) };
      const answer = await fetch(`${local.supabaseUrl}/auth/v1/signup`, asked);
      if (!answer.ok) throw new Error(`${user.email} could not sign up: ${await answer.text()}`);
      return (await signInFrom(local, [user])).userId;
    },
    async record(userId, count, more = {}) {
      const rows = Array.from({ length: count }, (_, at) => ({
        ...{ workflow_id: workflows.order as string, created_by: userId, engine: 'none', status: 'running' },
        started_at: new Date(Date.now() - at * 1_000).toISOString(),
        ...{ tags: [], ...more },
      }));
      const { data, error } = await database.from('workflow_executions').insert(rows).select('id');
      if (error) throw new Error(error.message);
      return data.map(({ id }) => id);
    },
    async define(userId, names) {
      const rows = names.map((name) => ({ name, user_id: userId, workflow_type: 'w', task_queue: DEMO_TASK_QUEUE }));
      const { error } = await database.from('workflows').insert(rows);
      if (error) throw new Error(error.message);
    },
    limit: (input) => createQuotaService(database).setQuota(input),
    report: (id, progress) => createExecutionService(database).reportProgress(id, progress),
    fail: (id, message) => createExecutionService(database).markFailed(id, new Error(message), 1_000),
    finish: (id) => createExecutionService(database).markCompleted(id, null, 1_000),
    async serveUnder(folder, variables = {}) {
      return startSite(local, (await readSecrets()).keys.jwtSecret, { folder, variables });
    },
    async startStuck(user, more) {
      const workflowId = `stuck-${randomUUID()}`;
      const connection = await Connection.connect({ address: local.temporalAddress });
      const dataConverter = { payloadCodecs: more?.payloadCodecs ?? [] };
      const temporal = new Client({ connection, namespace: local.temporalNamespace, dataConverter });
      const args = more ? [more.input] : [];
      await temporal.workflow.start('neverDeployed', { taskQueue: DEMO_TASK_QUEUE, workflowId, args });
      await connection.close();
      const { id } = await createExecutionService(database).createExecution({
        workflowId: workflows.order as string,
        userId: (await as(user)).userId,
        temporalWorkflowId: workflowId,
      });
      return id;
    },
    async register(user, run) {
      const { userId } = await as(user);
      const workflowId = workflows.order as string;
      return (await createExecutionService(database).createExecution({ workflowId, userId, ...run })).id;
    },
    async findLate(executionId, reason) {
      const remedy = 'Look at the open step; nothing is lost';
      await createLedger(database).saveChecks([
        { executionId, health: 'late', reason, remedy, nextCheckInMs: 3_600_000 },
      ]);
    },
    workflows,
    async open(path, { user = 'ada', url = local.apiUrl, ...options } = {}) {
      const context = await browser.newContext({ viewport: { width: 1_280, height: 800 }, ...options });
      await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: url });
      const page = await context.newPage();
      const complaints = watch(page);
      await page.goto(url + path);
      if (typeof user === 'string') await page.getByRole('button', { name: `Continue as ${user}` }).click();
      else {
        await page.getByLabel('Email').fill(user.email);
        await page.getByLabel('Password').fill(user.password);
        await page.getByRole('button', { name: 'Sign in', exact: true }).click();
      }
      await page.getByRole('banner').waitFor();
      return { page, complaints, close: () => context.close() };
    },
    async stop() {
      await browser.close();
      demo.kill('SIGTERM');
      await demo.ended();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** As Supabase Auth signs it with a shared secret. */
function tokenOf(claims: object, secret: string): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const signed = `${part({ alg: 'HS256', typ: 'JWT' })}.${part(claims)}`;
  return `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`;
}
