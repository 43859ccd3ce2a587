/** Everything that is checked without running the product. People and CI run the same. */
import type { Step } from './run-steps.ts';
import { runSteps } from './run-steps.ts';

const step = (name: string, script: string): Step => ({ name, command: 'npm', args: ['run', '--silent', script] });

export const CHECKS: Step[] = [
  step('format and lint', 'check:format'),
  step('types', 'check:types'),
  step('import directions', 'check:imports'),
  step('unused code', 'check:unused'),
  step('migration safety', 'check:migrations'),
  step('migration of the schema', 'check:migration'),
  step('database types', 'check:database-types'),
];

if (import.meta.main) process.exit(await runSteps(CHECKS));
