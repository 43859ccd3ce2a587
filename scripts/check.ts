/** Everything that is checked without running the product. People and CI run the same. */
import type { Step } from './run-steps.ts';
import { runSideBySide } from './run-steps.ts';

const step = (name: string, script: string): Step => ({ name, command: 'npm', args: ['run', '--silent', script] });

/** The longest first, so that no core waits for it at the end. */
export const CHECKS: Step[] = [
  step('types', 'check:types'),
  step('types of what a browser reads', 'check:browser-types'),
  step('database types', 'check:database-types'),
  step('unused code', 'check:unused'),
  step('format and lint', 'check:format'),
  step('migration of the schema', 'check:migration'),
  step('import directions', 'check:imports'),
  step('words, tables and lengths of lines', 'check:wording'),
  step('reference of the API', 'check:api'),
  step('migration safety', 'check:migrations'),
];

if (import.meta.main) process.exit(await runSideBySide(CHECKS));
