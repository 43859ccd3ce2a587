/** Routes of a Next application in its edge runtime: they record by the service, serve the router, and call the API by the client. */
import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort } from '@runledger/local-stack';
import { runInstalled } from '../examples/run-script.ts';
import type { ReaderStack } from '../reader-stack.ts';

const WORKER = fileURLToPath(new URL('../fixtures/edge-worker.ts', import.meta.url));

const EDGE = "export const runtime = 'edge';\n";
const byWorker = (path: string) => `import worker from '${path}';
${EDGE}const env = process.env as unknown as Parameters<typeof worker.fetch>[1];
export const GET = (request: Request) => worker.fetch(request, env);
`;

const FILES: Readonly<Record<string, string>> = {
  // Types are checked by the other rows.
  'next.config.mjs': 'export default { typescript: { ignoreBuildErrors: true } };\n',
  'app/layout.tsx':
    'export default ({ children }: { children: React.ReactNode }) => <html><body>{children}</body></html>;\n',
  'app/page.tsx': 'export default () => <p>A shop</p>;\n',
  'app/record/route.ts': byWorker('../../edge-worker'),
  'app/trpc/[trpc]/route.ts': byWorker('../../../edge-worker'),
  'app/client/route.ts': `import { createRunledgerClient } from '@runledger/client';
${EDGE}export async function GET() {
  const client = createRunledgerClient({ url: process.env.API_URL + '/trpc', getToken: () => process.env.TOKEN ?? null });
  const { items } = await client.workflow.list.query();
  return Response.json(items.map(({ name }) => name));
}
`,
};

/** What a project needs beside the peers. */
export const NEXT = { next: '^16.0.0', typescript: '^5.9.0' };

/** Builds and serves an application in a folder where everything is installed. @returns what is wrong with each route's answer */
export async function tryNextEdge(folder: string, { addresses, variables }: ReaderStack): Promise<string[]> {
  for (const [path, content] of Object.entries(FILES)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
  }
  await copyFile(WORKER, join(folder, 'edge-worker.ts'));
  const own = { ...variables, API_URL: addresses[0]?.[1] ?? '' };
  await using build = runInstalled(folder, ['next', 'build'], own);
  await build.succeeded();
  const port = `${await freePort()}`;
  await using server = runInstalled(folder, ['next', 'start', '--hostname', '127.0.0.1', '--port', port], own);
  await server.written(/Ready in/);

  const problems: string[] = [];
  const expect = async (path: string, status: number, part: string, headers: Record<string, string> = {}) => {
    const answer = await fetch(`http://127.0.0.1:${port}${path}`, { headers });
    const text = await answer.text();
    if (answer.status !== status || !text.includes(part))
      problems.push(`${path} answered ${answer.status}: ${text.slice(0, 300)}\n${server.output().slice(-600)}`);
  };
  await expect('/record', 200, '{"ends":["applied","applied"],"isAnother":true}');
  await expect('/trpc/execution.listExecutions', 200, '"status":"completed"', { authorization: 'Bearer theirs' });
  await expect('/trpc/execution.listExecutions', 401, 'UNAUTHORIZED');
  await expect('/client', 200, '["Order"]');
  return problems;
}

/** How many routes `tryNextEdge` asks. */
export const EDGE_ROUTES = 4;
