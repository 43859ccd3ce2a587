import type { Project } from '../project/detect.ts';

const INSTALL = { npm: 'npm install', pnpm: 'pnpm add', yarn: 'yarn add' } as const satisfies Record<
  Project['packageManager'],
  string
>;

/** What to do after `init`, in the order in which it is done. */
export function nextSteps({ mount, packageManager }: Project, withWorker: boolean): string[] {
  const packages = [
    'runledger',
    ...(mount === 'next' ? ['@runledger/client'] : []),
    ...(withWorker ? ['@temporalio/worker', '@temporalio/workflow'] : []),
  ];
  const worker = withWorker ? ' --with "node temporal/worker.mts"' : '';
  const app = mount === 'next' ? ' --with "npx next dev"' : '';
  return [
    'Next:',
    `  1. ${INSTALL[packageManager]} ${packages.join(' ')}`,
    `  2. npx runledger dev${worker}${app}`,
    '     starts Supabase, Temporal, the API with its page, and the worker on this machine',
    '  3. npx runledger migrate --database-url "$DATABASE_URL"',
    '     brings the schema into your own database; npx runledger doctor then says what is missing',
  ];
}
