import type { CounterDrift } from '@runledger/contracts';
import { table } from '@runledger/host/table';
import type { ExitCode } from './exit-code.ts';
import { EXIT } from './exit-code.ts';
import type { Registry } from './registry.ts';
import type { CommandContext, CommonOptions } from './run-command.ts';
import { count } from './words.ts';

/** Lines shown; the rest is counted. */
const SHOWN = 50;

interface VerifyOptions extends CommonOptions {
  repair?: boolean;
  user?: string;
  workflow?: string;
}

export function addVerify({ command, run }: Registry): void {
  command('verify', {
    description: 'Recounts every execution and compares the counters with it, number by number.',
    examples: [
      'runledger verify',
      'runledger verify --user user_2xYz',
      'runledger verify --repair   # after somebody wrote past the triggers',
    ],
  })
    .option('-u, --user <id>', 'only the counters of this user')
    .option('-w, --workflow <id>', 'only the counters of this workflow')
    .option('--repair', 'set right what differs')
    .action((options: VerifyOptions) => run(options, (context) => verify(context, options)));
}

async function verify({ connections, terminal, json }: CommandContext, options: VerifyOptions): Promise<ExitCode> {
  const { repair = false, user, workflow } = options;
  const scope = { ...(user ? { userId: user } : {}), ...(workflow ? { workflowId: workflow } : {}) };
  terminal.progress('recounting');
  const onProgress = (what: string) => (checked: { users: number; workflows: number }) =>
    terminal.progress(`${what}: ${count(checked.users, 'user')}, ${count(checked.workflows, 'workflow')}`);
  const drift = await connections.ledger.findDrift(scope, { onProgress: onProgress('recounted') });
  const repaired =
    repair && drift.length > 0
      ? await connections.ledger.repairDrift(scope, { onProgress: onProgress('repaired') })
      : 0;
  terminal.progress(null);
  if (json) terminal.json({ drift, repaired });
  else if (drift.length === 0)
    terminal.print(`${terminal.colors.green('✓')} Every counter equals a recount of the executions.`);
  else {
    const rows = drift.slice(0, SHOWN).map(toRow);
    const heading = ['user', 'workflow', 'window', 'number', 'counted', 'recounted'];
    terminal.print(...table([heading, ...rows], { width: terminal.width, numbers: [4] }));
    if (drift.length > SHOWN) terminal.print(`  and ${drift.length - SHOWN} more`);
    const what = `${count(drift.length, 'number')} ${drift.length === 1 ? 'differs' : 'differ'}`;
    terminal.print(
      repair
        ? `${terminal.colors.green('✓')} ${what}; ${repaired} repaired.`
        : `${terminal.colors.red('✗')} ${what}. Set them right with: runledger verify --repair`,
    );
  }
  return drift.length > 0 && !repair ? EXIT.finding : EXIT.fine;
}

function toRow({ userId, workflowId, grain, startsAt, field, counted, recounted }: CounterDrift): string[] {
  const window = startsAt === null ? 'life' : `${grain} ${startsAt}`;
  return [userId ?? 'all', workflowId ?? 'all', window, field, String(counted), String(recounted)];
}
