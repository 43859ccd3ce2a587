/** The code in the README of each package, as its users paste it into a project of theirs. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

export interface Snippet {
  /** What the text around the snippet takes as given. */
  given?: string;
  /** What it must print when it runs; without it, it is only type-checked. */
  prints?: string;
  /** It runs until it is stopped: by SIGTERM, once it has printed this. It must then end by itself. */
  stopAfter?: string;
}

const supabase =
  'const supabase = { auth: { getSession: async () => ({ data: { session: { access_token: process.env.TOKEN! } } }) } };';

/** Whoever watches an execution of their own, and leaves when they are told to. */
const watcher = `
import { createRunledgerClient, executionErrorCode } from '@runledger/client';
const client = createRunledgerClient({ url: 'http://127.0.0.1:54330/trpc', getToken: () => process.env.TOKEN! });
const { items: [workflow] } = await client.workflow.list.query();
const execution = await client.execution.createExecution.mutate({ workflowId: workflow!.id });
process.once('SIGTERM', () => process.exit(0));`;

/** Every ts and tsx block of what is published, in order. */
export const READMES: Readonly<Record<string, readonly Snippet[]>> = {
  'apps/runledger/README.md': [{ prints: '200' }],
  'packages/contracts/README.md': [{ prints: 'completed failed cancelled timed_out terminated' }],
  'packages/client/README.md': [
    { given: supabase, prints: '' },
    { given: watcher, stopAfter: 'running 2' },
    { given: 'declare const url: string;\ndeclare const getToken: () => string | null;' },
  ],
  'packages/engine/README.md': [{ prints: '' }],
  'packages/monitor/README.md': [
    { stopAfter: 'monitor runs' },
    {},
    { given: 'declare const service: import("@runledger/execution-service").ExecutionService;' },
    {},
  ],
  'packages/router/README.md': [{ prints: 'UNAUTHORIZED unauthenticated' }],
};

/** Addresses that people see in the documents, and where they are served instead. */
export type Addresses = readonly (readonly [written: string, served: string])[];

export interface Block {
  code: string;
  extension: string;
}

export async function blocksOf(document: string): Promise<Block[]> {
  const text = await readFile(join(ROOT, document), 'utf8');
  return [...text.matchAll(/```(tsx?)\n([\s\S]*?)```/g)].map(([, extension, code]) => ({
    extension: extension as string,
    code: code as string,
  }));
}

/** Writes a block with what is given into a file that can be checked and run. */
export async function writeBlock(
  { code, extension }: Block,
  { given = '', addresses, file }: { given?: string; addresses: Addresses; file: string },
): Promise<string> {
  const whole = `${given}\n${code}\nexport {};\n`;
  const path = `${file}.${extension}`;
  await mkdir(join(path, '..'), { recursive: true });
  await writeFile(
    path,
    addresses.reduce((text, [written, served]) => text.replaceAll(written, served), whole),
  );
  return path;
}
