import { readFile } from 'node:fs/promises';
import type { ExitCode, LocalContext, Registry } from '@runledger/cli';
import { ask, EXIT } from '@runledger/cli';
import { ExecutionError } from '@runledger/contracts';
import { UNINSTALL } from '../assets.ts';
import type { Database } from '../migrate/open-database.ts';
import { openDatabase } from '../migrate/open-database.ts';
import { projectMigrations } from '../project/migration-files.ts';
import type { WhatIsOurs } from './what-is-ours.ts';
import { readWhatIsOurs } from './what-is-ours.ts';

interface UninstallOptions {
  databaseUrl?: string;
  dryRun?: boolean;
  yes?: boolean;
  dropChanges?: boolean;
}

const n = (value: number) => value.toLocaleString('en');

export function addUninstall({ localCommand, runLocal }: Registry): void {
  localCommand('uninstall', {
    description:
      'Takes the ledger out of a database with all it holds, and leaves the rest as it was. Where something of the application still uses it, drops nothing and says what.',
    examples: [
      'runledger uninstall --dry-run',
      'runledger uninstall --database-url "postgresql://postgres:…@db.example.supabase.co:5432/postgres"',
    ],
  })
    .option('--database-url <url>', 'the database, as its owner (default: DATABASE_URL)')
    .option('--dry-run', 'says what would be dropped, and drops nothing')
    .option('-y, --yes', 'without asking')
    .option('--drop-changes', 'also where changes of a cut-over are not settled yet: they are lost')
    .action((options: UninstallOptions) => runLocal((context) => uninstall(context, options)));
}

/** A finding where nothing was dropped because nobody agreed to it. */
async function uninstall({ host, terminal }: LocalContext, options: UninstallOptions): Promise<ExitCode> {
  const url = options.databaseUrl || host.env.DATABASE_URL;
  if (!url)
    throw new ExecutionError(
      'invalid_input',
      'Which database? Give --database-url (or DATABASE_URL), its connection string as its owner.',
    );
  await using database = await openDatabase(url);
  const ours = await readWhatIsOurs(database);
  if (!ours) throw new ExecutionError('not_found', 'Runledger is not installed in this database.');
  if (!options.yes || options.dryRun) terminal.print(...lossLines(ours));
  if (ours.unsettled > 0 && !options.dropChanges)
    throw new ExecutionError(
      'conflict',
      `${n(ours.unsettled)} changes of a cut-over are not settled. Settle them with "runledger import <table> --changes", or give --drop-changes.`,
    );
  const sql = await readFile(UNINSTALL, 'utf8');
  if (options.dryRun) {
    // The way of the uninstall itself, so that what still uses the ledger refuses it here too.
    await execute(database, rehearsalOf(sql));
    terminal.print('', 'Nothing was dropped: this was a dry run.');
    return EXIT.fine;
  }
  const name = `Drop all of it? Type the name of the database to confirm: `;
  if (!options.yes && (await ask(name, host))?.trim() !== ours.database) {
    terminal.print('', 'Nothing was dropped. Add --yes to drop it.');
    return EXIT.finding;
  }
  await execute(database, sql);
  terminal.print(`${terminal.colors.green('✓')} The database ${ours.database} is as it was without Runledger.`);
  terminal.print(...(await leftLines()));
  return EXIT.fine;
}

/** The same, taken back at its end. @throws ExecutionError `internal` where the file ends otherwise: it would drop all of it */
function rehearsalOf(sql: string): string {
  const rehearsal = sql.replace(/\bcommit;\s*$/, 'rollback;');
  if (rehearsal === sql)
    throw new ExecutionError(
      'internal',
      'The file of the uninstall does not end with "commit;": there is no dry run of it.',
    );
  return rehearsal;
}

async function execute(database: Database, sql: string): Promise<void> {
  try {
    await database.exec(sql);
  } catch (cause) {
    const { message, hint } = cause as Error & { hint?: string };
    throw new ExecutionError('conflict', `Nothing was dropped. ${[message, hint].filter(Boolean).join(' ')}`, {
      cause,
    });
  }
}

function lossLines({ database, executions, open, workflows, users, outside }: WhatIsOurs): string[] {
  return [
    `Would be dropped from ${database}:`,
    `  the schemas runledger and runledger_private, with ${n(executions)} executions (${n(open)} not settled), ${n(workflows)} workflows, ${n(users)} users`,
    ...outside.map((part) => `  ${part}`),
  ];
}

/** What a project still has of it: with the files of the migrations, the next push would bring the ledger back. */
async function leftLines(): Promise<string[]> {
  const files = (await projectMigrations(process.cwd())).map(({ file }) => `  supabase/migrations/${file}`);
  return [
    ...(files.length === 0 ? [] : ['Delete these, or the next push brings it back:', ...files]),
    'Take "runledger" out of the exposed schemas of the API (schemas under [api] in supabase/config.toml), and stop the worker; what runs in Temporal runs on.',
  ];
}
