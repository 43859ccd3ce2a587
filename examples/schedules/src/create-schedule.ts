import { Client, Connection, ScheduleOverlapPolicy } from '@temporalio/client';

const { TEMPORAL_ADDRESS = 'localhost:7233', TEMPORAL_NAMESPACE = 'default' } = process.env;
const [userId] = process.argv.slice(2);
if (!userId) throw new Error('Say whose report it is: node src/create-schedule.ts <user id>');

const connection = await Connection.connect({ address: TEMPORAL_ADDRESS });
const client = new Client({ connection, namespace: TEMPORAL_NAMESPACE });
const schedule = await client.schedule.create({
  scheduleId: `nightly-report-${userId}`,
  spec: { calendars: [{ hour: 2 }] },
  policies: { overlap: ScheduleOverlapPolicy.SKIP },
  action: {
    type: 'startWorkflow',
    workflowType: 'nightlyReport',
    taskQueue: 'reports',
    args: [{ of: 'November' }],
    // Whose execution each run becomes: the rule in runledger.adoption.json names this memo.
    memo: { userId },
  },
});
await schedule.trigger();
await connection.close();
console.log(`${schedule.scheduleId} runs every night, and has run once now.`);
