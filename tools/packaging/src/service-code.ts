/** The execution service in the code of its users: what its README says, and functions that they have already. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { blocksOf } from './readmes.ts';

/** What the snippets take as given: who runs what, and a Temporal handle. The handle is a fake of one line. */
const given = `
declare global {
  var workflowId: string;
  var userId: string;
  var handle: { workflowId: string; firstExecutionRunId: string; result(): Promise<unknown> };
}
globalThis.workflowId = process.env.WORKFLOW_ID!;
globalThis.userId = process.env.USER_ID!;
const fakeHandle = { workflowId: crypto.randomUUID(), firstExecutionRunId: crypto.randomUUID(), result: async () => ({ shipped: true }) };
globalThis.handle = fakeHandle;
export {};
`;

/** The code that users have, as it is, in a function that has their names in scope. */
const usersCode = `
import './given.ts';
import { createClient } from '@supabase/supabase-js';
import { createExecutionService } from '@runledger/execution-service';

const ctx = { supabase: createClient(process.env.SUPABASE_URL!, process.env.SUPABASE_KEY!), user: { id: userId } };
const input = { workflowId, input: { amount: 3 } };
const temporalWorkflowId = handle.workflowId;
const startTime = Date.now();

async function runAndRecord(workflowId: string) {
  const executionService = createExecutionService(ctx.supabase);
  const execution = await executionService.createExecution({
    workflowId: input.workflowId, temporalWorkflowId, temporalRunId: handle.firstExecutionRunId, userId: ctx.user.id, input: input.input,
  });
  const executionId = execution.id;
  try {
    const result = await handle.result();
    await executionService.markCompleted(executionId, result, Date.now() - startTime);
  } catch (error: any) {
    await executionService.markFailed(executionId, error.message);
  }
  const stats = await executionService.getStats(workflowId);
  return [stats.successRate, typeof stats.avgDuration, stats.total];
}
console.log(JSON.stringify(await runAndRecord(workflowId).catch((error) => [error.name, error.code])));
`;

export interface ServiceSnippet {
  file: string;
  /** What its comments say that it prints. */
  says: string | undefined;
}

/** Writes `users-code.ts` and every snippet of the README into a folder. @returns the snippets, in order */
export async function writeServiceCode(folder: string): Promise<ServiceSnippet[]> {
  await writeFile(join(folder, 'given.ts'), given);
  await writeFile(join(folder, 'users-code.ts'), usersCode);
  const blocks = await blocksOf('packages/execution-service/README.md');
  return Promise.all(
    blocks.map(async ({ code }, i) => {
      const file = join(folder, `service-${i + 1}.ts`);
      await writeFile(file, `import './given.ts';\n${code}`);
      return { file, says: code.match(/console\.log\([^)]*\); \/\/ (.+)/)?.[1] };
    }),
  );
}
