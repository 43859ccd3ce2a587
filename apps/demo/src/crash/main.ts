/** Kills the worker and the API while executions run, then compares every row with Temporal: `--executions 500`. */
import { parseArgs } from 'node:util';
import { crashRun } from './crash-run.ts';

const { values } = parseArgs({
  options: {
    executions: { type: 'string', default: '500' },
    'worker-kills': { type: 'string', default: '5' },
    'api-kills': { type: 'string', default: '2' },
  },
});
const report = await crashRun({
  executions: Number(values.executions),
  workerKills: Number(values['worker-kills']),
  apiKills: Number(values['api-kills']),
  say: (line) => console.log(line),
});
console.log(JSON.stringify(report, null, 2));
process.exit(report.differences.length === 0 && report.rows === report.requested ? 0 : 1);
