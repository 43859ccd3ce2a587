/** Everything that is checked without running the product. People and CI run the same. */
import { type Step, runSteps } from './run-steps.ts';

export const CHECKS: Step[] = [
  { name: 'format and lint', command: 'biome', args: ['ci', '.'] },
  { name: 'types', command: 'turbo', args: ['run', 'typecheck', '--output-logs=errors-only', '--concurrency=2'] },
  { name: 'import directions', command: 'turbo', args: ['boundaries'] },
  { name: 'unused code', command: 'knip', args: [] },
  { name: 'schema snapshot', command: 'node', args: ['supabase/generate-schema.ts', '--check'] },
  { name: 'database types', command: 'node', args: ['supabase/generate-types.ts', '--check'] },
];

if (import.meta.main) process.exit(await runSteps(CHECKS));
