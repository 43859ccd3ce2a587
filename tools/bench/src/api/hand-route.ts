/**
 * What a team writes instead. To start: verify the token, insert a row, start the workflow under the row's id. To list: verify the
 * token, hand on a page of the table.
 */
import { createServer } from 'node:http';
import { createClient } from '@supabase/supabase-js';
import { Client, Connection } from '@temporalio/client';
import { jwtVerify } from 'jose';
import type { HandRoute } from './api-process.ts';
import { LIST_COLUMNS, LIST_SIZE } from './list-page.ts';

const { url, key, jwtSecret, temporalAddress, port } = JSON.parse(process.argv[2] ?? '{}') as HandRoute;
const supabase = createClient(url, key, { auth: { persistSession: false, autoRefreshToken: false } });
const client = new Client({ connection: await Connection.connect({ address: temporalAddress }) });
const secret = new TextEncoder().encode(jwtSecret);

createServer(async (request, response) => {
  const { payload } = await jwtVerify(request.headers.authorization?.slice(7) ?? '', secret, {
    audience: 'authenticated',
  });
  if (request.method === 'GET') {
    const page = supabase.schema('runledger').from('workflow_executions').select(LIST_COLUMNS);
    const { data, error } = await page
      .eq('created_by', payload.sub as string)
      .order('started_at', { ascending: false })
      .order('id')
      .limit(LIST_SIZE);
    response.writeHead(error ? 500 : 200, { 'content-type': 'application/json' }).end(JSON.stringify(error ?? data));
    return;
  }
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  const { input } = JSON.parse(Buffer.concat(parts).toString()) as { input: unknown };
  const row = { user_id: payload.sub, input, status: 'running' };
  const { data, error } = await supabase.from('hand_runs').insert(row).select().single();
  if (!error) await client.workflow.start('order', { workflowId: data.id, taskQueue: 'nobody', args: [input] });
  response.writeHead(error ? 500 : 200, { 'content-type': 'application/json' }).end(JSON.stringify(error ?? data));
}).listen(port, '127.0.0.1', () => process.send?.('ready'));
process.on('disconnect', () => process.exit());
