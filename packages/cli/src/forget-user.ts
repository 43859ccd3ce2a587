import { setTimeout as pause } from 'node:timers/promises';
import type { UserBatch, UserHoldings } from '@runledger/contracts';
import { ExecutionError } from '@runledger/contracts';
import { plain } from '@runledger/host/text';
import { ask } from './ask.ts';
import type { ExitCode } from './exit-code.ts';
import { EXIT } from './exit-code.ts';
import type { Registry } from './registry.ts';
import type { CommandContext, CommonOptions } from './run-command.ts';
import { count } from './words.ts';

/** Executions deleted in one transaction. */
const BATCH = 500;
/** How long to wait for what somebody else is writing, in milliseconds. */
const HELD_MS = 200;

interface ForgetOptions extends CommonOptions {
  yes?: boolean;
}

export function addForgetUser({ command, run }: Registry): void {
  command('forget-user <id>', {
    description:
      'Deletes a user with everything of theirs: executions, also running ones, inputs, outputs, timelines, workflows, quotas and their counts. What runs in Temporal runs on there: cancel it first.',
    examples: ['runledger forget-user 4711         # counts, and asks', 'runledger forget-user 4711 --yes'],
  })
    .option('-y, --yes', 'without asking')
    .action((id: string, options: ForgetOptions) => run(options, (context) => forgetUser(context, id, options)));
}

/** A finding where something would go and was not agreed to. */
async function forgetUser(context: CommandContext, id: string, { yes }: ForgetOptions): Promise<ExitCode> {
  const { connections, json, terminal } = context;
  const holdings = await connections.ledger.describeUser(id);
  if (holdings === null) throw new ExecutionError('not_found', `There is no user ${plain(id)} in runledger.users.`);
  if (!json && !yes) terminal.print(...holdingLines(holdings));
  const isAgreed = yes || (!json && (await confirm(context, id)));
  const deleted = isAgreed ? await forget(context, holdings) : 0;
  terminal.progress(null);
  if (json) terminal.json({ forgotten: isAgreed, executions: deleted, before: holdings });
  else if (isAgreed)
    terminal.print(`${terminal.colors.green('✓')} ${plain(id)} is forgotten, with ${count(deleted, 'execution')}.`);
  else terminal.print('', 'Nothing was deleted. Add --yes to delete it.');
  return isAgreed ? EXIT.fine : EXIT.finding;
}

/** In batches, until nothing is left. Broken off, it is finished by the monitor, or by the same command again. */
async function forget({ connections, terminal }: CommandContext, { user, executions, others }: UserHoldings) {
  let deleted = 0;
  let batch: UserBatch;
  do {
    batch = await connections.ledger.forgetUser(user, BATCH);
    deleted += batch.executions;
    terminal.progress(`${deleted.toLocaleString('en')} of ${count(executions + others, 'execution')} deleted`);
    if (!batch.done && batch.rows === 0) await pause(HELD_MS);
  } while (!batch.done);
  return deleted;
}

function holdingLines({ user, leftAt, executions, open, others, workflows, pruned }: UserHoldings): string[] {
  return [
    `${plain(user)}${leftAt === null ? '' : ' has left already, and'} would be deleted with`,
    `  ${count(executions, 'execution')}, ${open.toLocaleString('en')} of them open`,
    `  ${count(pruned, 'execution')} that were pruned and are only counted`,
    `  ${count(workflows, 'workflow')}, with ${count(others, 'execution')} of other users in them`,
  ];
}

async function confirm({ host }: CommandContext, id: string): Promise<boolean> {
  return (await ask(`Delete all of it? Type the user's id to confirm: `, host))?.trim() === id;
}
