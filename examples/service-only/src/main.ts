import { connectSupabase, createExecutionService, createWorkflowService } from '@runledger/execution-service';
import { record } from './record.ts';

const { SUPABASE_URL = '', SUPABASE_SERVICE_ROLE_KEY = '', USER_ID = '' } = process.env;
const supabase = connectSupabase({ url: SUPABASE_URL, key: SUPABASE_SERVICE_ROLE_KEY });
const executions = createExecutionService(supabase);
const { id: workflowId } = await createWorkflowService(supabase).createWorkflow(USER_ID, {
  name: 'Nightly invoices',
  workflowType: 'invoice',
  taskQueue: 'invoices',
});

async function sendInvoice(customer: string) {
  if (customer === 'nobody') throw new Error('The customer has no address.');
  return { sentTo: customer };
}

for (const customer of ['ada', 'nobody', 'grace']) {
  const id = await record(executions, { workflowId, userId: USER_ID, input: { customer } }, () =>
    sendInvoice(customer),
  );
  const execution = await executions.getExecutionById(id);
  console.log(`${customer}: ${execution?.status}`);
}
const { completed, failed, successRate } = await executions.getStats(workflowId);
console.log(`${completed} completed, ${failed} failed, ${successRate} %`);
