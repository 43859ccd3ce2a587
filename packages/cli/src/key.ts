import type { KeyScope, MachineKey } from '@runledger/contracts';
import { ExecutionError, KEY_SCOPES } from '@runledger/contracts';
import { createMachineKeyService } from '@runledger/execution-service';
import { table } from '@runledger/host/table';
import { plain } from '@runledger/host/text';
import { Argument, Option } from 'commander';
import type { ExitCode } from './exit-code.ts';
import { EXIT } from './exit-code.ts';
import type { Registry } from './registry.ts';
import type { CommandContext, CommonOptions } from './run-command.ts';
import { parseSpan } from './time-option.ts';

interface KeyOptions extends CommonOptions {
  expires?: number;
  scope: KeyScope[];
  user?: string;
}

const ACTIONS = {
  create: createKey,
  list: listKeys,
  revoke: revokeKey,
} satisfies Record<
  string,
  (context: CommandContext, what: string | undefined, options: KeyOptions) => Promise<ExitCode>
>;

export function addKey({ command, run }: Registry): void {
  command('key', {
    description: 'Makes, lists and revokes keys with which programs report to the API (POST /report), read and start.',
    examples: [
      'runledger key create "orders worker" --expires 90d   # prints the key, this once',
      'runledger key create "nightly export" --scope read --user 0199d8f0-4a3b-7c6d-8e9f-0a1b2c3d4e5f',
      'runledger key list',
      'runledger key revoke 0199d8f0-4a3b-7c6d-8e9f-0a1b2c3d4e5f',
    ],
  })
    .addArgument(new Argument('<action>', 'what to do').choices(Object.keys(ACTIONS)))
    .argument('[name or id]', 'what to call a new key, or the id of the one to revoke')
    .option('--expires <span>', 'when a new key ends, like 90d (default: never)', parseSpan)
    .addOption(
      new Option('--scope <scopes...>', 'what a new key may do').choices(KEY_SCOPES).default(['report'], 'report'),
    )
    .option('--user <id>', 'whose a new key is: it reads and starts as this user')
    .action((action: keyof typeof ACTIONS, what: string | undefined, options: KeyOptions) =>
      run(options, (context) => ACTIONS[action](context, what, options)),
    );
}

const MAY = {
  report: 'It may report how executions of all users go and end.',
  read: 'It may read what its user may read.',
  start: 'It may start executions of workflows that its user owns.',
} as const satisfies Record<KeyScope, string>;

async function createKey(
  { connections, terminal, json }: CommandContext,
  name: string | undefined,
  { expires, scope: scopes, user: userId }: KeyOptions,
): Promise<ExitCode> {
  if (name === undefined)
    throw new ExecutionError('invalid_input', 'Say what to call the key: runledger key create <name>.');
  if (userId !== undefined && scopes.includes('report'))
    throw new ExecutionError(
      'invalid_input',
      'A key that reports does so of all users, so it is nobody’s: make it without --user, and another one that reads or starts.',
    );
  const expiresAt = expires === undefined ? {} : { expiresAt: new Date(Date.now() + expires).toISOString() };
  const made = await createMachineKeyService(connections.supabase).createKey(
    { name, scopes, ...expiresAt },
    userId === undefined ? undefined : { userId },
  );
  if (json) terminal.json(made);
  else {
    terminal.print(
      `${terminal.colors.green('✓')} The key ${plain(made.name)}, which is shown this once:`,
      '',
      `  ${made.key}`,
      '',
    );
    terminal.print(
      `${made.scopes.map((scope) => MAY[scope]).join(' ')} Revoke it with "runledger key revoke ${made.id}".`,
    );
  }
  return EXIT.fine;
}

async function listKeys({ connections, terminal, json }: CommandContext): Promise<ExitCode> {
  const keys = await createMachineKeyService(connections.supabase).listKeys();
  if (json) terminal.json(keys);
  else if (keys.length === 0) terminal.print('There is no key: no program reports to the API.');
  else {
    const rows = keys.map((key) => [
      key.id,
      key.name,
      `${key.keyStart}…`,
      stateOf(key),
      key.lastUsedAt?.slice(0, 13) ?? '–',
      key.scopes.join(', '),
      key.userId === null ? '–' : plain(key.userId),
    ]);
    const { colors, width } = terminal;
    const paint = (text: string, row: number) => (row === 0 ? colors.dim(text) : text);
    terminal.print(...table([['id', 'name', 'key', 'state', 'last used', 'may', 'user'], ...rows], { width, paint }));
  }
  return EXIT.fine;
}

function stateOf({ revokedAt, expiresAt }: MachineKey): string {
  if (revokedAt !== null) return `revoked ${revokedAt.slice(0, 10)}`;
  if (expiresAt === null) return 'valid';
  return `${Date.parse(expiresAt) <= Date.now() ? 'expired' : 'valid until'} ${expiresAt.slice(0, 10)}`;
}

async function revokeKey({ connections, terminal, json }: CommandContext, id: string | undefined): Promise<ExitCode> {
  const revoked = id === undefined ? null : await createMachineKeyService(connections.supabase).revokeKey(id);
  if (!revoked)
    throw new ExecutionError('not_found', `There is no key ${id ?? 'without an id'}; see runledger key list.`);
  if (json) terminal.json(revoked);
  else
    terminal.print(`${terminal.colors.green('✓')} The key ${plain(revoked.name)} is revoked: it ends within a minute.`);
  return EXIT.fine;
}
