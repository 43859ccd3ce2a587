import type { EXIT, Registry } from '@runledger/cli';
import { DASHBOARD } from './assets.ts';

/** The two processes of production. Each ends this one by itself, in order, when it is told to. */
export function addProcesses({ localCommand, runLocal }: Registry): void {
  localCommand('api', {
    description: 'Runs the API; with the page, unless RUNLEDGER_DASHBOARD is off.',
    examples: ['runledger api', 'PORT=8080 HOST=0.0.0.0 runledger api', 'RUNLEDGER_DASHBOARD=off runledger api'],
  }).action(() =>
    runLocal(async ({ host: { env } }) => {
      if (env.RUNLEDGER_DASHBOARD === 'off') delete env.RUNLEDGER_DASHBOARD;
      else env.RUNLEDGER_DASHBOARD ||= DASHBOARD;
      await import('@runledger/api/main');
      return forever();
    }),
  );
  localCommand('worker', {
    description: 'Runs the worker, which follows executions to their end. Several share the work and take over.',
    examples: ['runledger worker', 'RUNLEDGER_HTTP_PORT=8081 runledger worker'],
  }).action(() =>
    runLocal(async () => {
      await import('@runledger/worker/main');
      return forever();
    }),
  );
}

const forever = () => new Promise<typeof EXIT.fine>(() => {});
