import type { QuotaScope } from '@runledger/contracts';
import { ExecutionError } from '@runledger/contracts';
import { createQuotaService } from '@runledger/execution-service';
import { Argument, InvalidArgumentError } from 'commander';
import type { ExitCode } from './exit-code.ts';
import { EXIT } from './exit-code.ts';
import { quotaLines, quotaSentence, scopeWords } from './quota-view.ts';
import type { Registry } from './registry.ts';
import type { CommandContext, CommonOptions } from './run-command.ts';

type Limit = number | 'none';

interface QuotaOptions extends CommonOptions {
  user?: string;
  everyUser?: boolean;
  workflow?: string;
  perHour?: Limit;
  perDay?: Limit;
  perMonth?: Limit;
  concurrent?: Limit;
  storedBytes?: Limit;
}

const ACTIONS = {
  set: setQuota,
  list: listQuotas,
  remove: removeQuota,
} satisfies Record<string, (context: CommandContext, options: QuotaOptions) => Promise<ExitCode>>;

export function addQuota({ command, run }: Registry): void {
  command('quota', {
    description:
      'Limits what users start through the API: by hour, day and month (UTC), at a time, and in bytes that are kept.',
    examples: [
      'runledger quota set --every-user --per-day 500 --concurrent 20',
      'runledger quota set --user 0199d8f0-4a3b-7c6d-8e9f-0a1b2c3d4e5f --per-day none   # overrides the above',
      'runledger quota set --every-user --workflow 0199d8f1-5b4c-7d7e-8f90-1b2c3d4e5f60 --per-hour 10',
      'runledger quota set --every-user --stored-bytes 1000000000',
      'runledger quota list',
      'runledger quota remove --every-user',
    ],
  })
    .addArgument(new Argument('<action>', 'what to do').choices(Object.keys(ACTIONS)))
    .option('--user <id>', 'of this user')
    .option('--every-user', 'of every user, each by itself')
    .option('--workflow <id>', 'executions of this workflow (default: of all workflows together)')
    .option('--per-hour <n>', 'most executions started in an hour; none takes the limit away', parseLimit)
    .option('--per-day <n>', 'in a day', parseLimit)
    .option('--per-month <n>', 'in a month', parseLimit)
    .option('--concurrent <n>', 'most executions open at a time', parseLimit)
    .option('--stored-bytes <n>', 'most bytes that inputs, outputs, metadata and definitions take', parseLimit)
    .action((action: keyof typeof ACTIONS, options: QuotaOptions) =>
      run(options, (context) => ACTIONS[action](context, options)),
    );
}

function parseLimit(text: string): Limit {
  if (text === 'none') return text;
  if (!/^\d{1,15}$/.test(text)) throw new InvalidArgumentError('It is neither a whole number nor none.');
  return Number(text);
}

const limitOf = (limit: Limit | undefined) => (limit === 'none' ? null : limit);

async function setQuota({ connections, terminal, json }: CommandContext, options: QuotaOptions): Promise<ExitCode> {
  const limits = {
    executionsPerHour: limitOf(options.perHour),
    executionsPerDay: limitOf(options.perDay),
    executionsPerMonth: limitOf(options.perMonth),
    concurrentExecutions: limitOf(options.concurrent),
    storedBytes: limitOf(options.storedBytes),
  };
  if (Object.values(limits).every((limit) => limit === undefined)) {
    throw new ExecutionError(
      'invalid_input',
      'Say which limit to set: --per-hour, --per-day, --per-month, --concurrent or --stored-bytes.',
    );
  }
  const quota = await createQuotaService(connections.supabase).setQuota({ ...scopeOf(options), ...limits });
  if (json) terminal.json(quota);
  else terminal.print(`${terminal.colors.green('✓')} ${quotaSentence(quota)}`);
  return EXIT.fine;
}

async function listQuotas({ connections, terminal, json }: CommandContext, options: QuotaOptions): Promise<ExitCode> {
  const { user: userId, workflow: workflowId, everyUser } = options;
  const listed = await createQuotaService(connections.supabase).listQuotas({ userId, workflowId });
  const quotas = everyUser ? listed.filter((quota) => quota.userId === null) : listed;
  if (json) terminal.json(quotas);
  else terminal.print(...quotaLines(quotas, terminal));
  return EXIT.fine;
}

async function removeQuota({ connections, terminal, json }: CommandContext, options: QuotaOptions): Promise<ExitCode> {
  const scope = scopeOf(options);
  const removed = await createQuotaService(connections.supabase).removeQuota(scope);
  if (!removed) throw new ExecutionError('not_found', `There is no quota ${scopeWords(scope)}.`);
  if (json) terminal.json({ removed: scope });
  else terminal.print(`${terminal.colors.green('✓')} The quota ${scopeWords(scope)} is gone.`);
  return EXIT.fine;
}

/** @throws ExecutionError `invalid_input` unless exactly one option says whose it is */
function scopeOf({ user, everyUser = false, workflow }: QuotaOptions): QuotaScope {
  if ((user === undefined) === !everyUser) {
    throw new ExecutionError('invalid_input', 'Say whose quota it is with one of --user and --every-user.');
  }
  return { userId: user ?? null, workflowId: workflow ?? null };
}
