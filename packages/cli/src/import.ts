import type { ExecutionStatus, ImportOptions } from '@runledger/contracts';
import { createImportService } from '@runledger/execution-service';
import { InvalidArgumentError } from 'commander';
import type { ExitCode } from './exit-code.ts';
import { EXIT } from './exit-code.ts';
import { compareTable, settleChanges } from './import-changes.ts';
import { askAboutOpen, createOpenSample, openLines } from './import-open.ts';
import { descriptionLines, reportLines } from './import-view.ts';
import type { Registry } from './registry.ts';
import type { CommandContext, CommonOptions } from './run-command.ts';
import { onlyNamespace } from './run-command.ts';
import { timeLeft } from './time-left.ts';
import { parseTime } from './time-option.ts';

interface ImportCommandOptions extends CommonOptions {
  dryRun?: boolean;
  compare?: boolean;
  changes?: boolean;
  follow?: boolean;
  key?: string;
  column?: Record<string, string>;
  status?: Record<string, string>;
  workflow?: Record<string, string>;
  user?: string;
  createUsers?: boolean;
  keepRest?: boolean;
  swapTimes?: boolean;
  dropEnd?: boolean;
  dropDuration?: boolean;
  cut?: boolean;
  confirmSince?: string;
  batch?: number;
}

/** Under what `--workflow <id>`, which names no workflow of the table, is kept. */
const REST = '';

export function addImport({ command, run }: Registry): void {
  command('import', {
    description: 'Brings the runs of a hand-written table into the ledger; again and again without taking one twice.',
    examples: [
      'runledger import --dry-run',
      'runledger import public.workflow_runs --status paused=running --create-users',
      'runledger import --column output=answer --column metadata=none --confirm-since 7d',
      'runledger import public.workflow_runs --changes --follow',
      'runledger import public.workflow_runs --compare',
    ],
  })
    .argument('[table]', 'default: public.workflow_executions or public.workflow_runs, whichever there is')
    .option('--dry-run', 'only say what would become of the rows')
    .option('--compare', 'only say which rows differ from their executions, and how')
    .option(
      '--changes',
      'bring in what the application changed since runledger.forward_runs, and write back what return_runs asks for',
    )
    .option('--follow', 'with --changes: until Ctrl-C')
    .option('--key <column>', 'what tells rows apart, where no unique index says it: views, partitioned tables')
    .option('--column <what=column>', 'which column holds what (none: no column does); repeat it', collect)
    .option('--status <theirs=ours>', 'what a status means (none=…: a missing one); repeat it', collect)
    .option(
      '--workflow <theirs=id>',
      'which workflow is meant; an id alone is for rows that name none',
      collectWorkflow,
    )
    .option('--user <id>', 'whose the rows are that name no user')
    .option('--create-users', 'add users that are not in runledger.users')
    .option('--keep-rest', 'keep columns that have no place, in metadata.imported')
    .option('--swap-times', 'exchange start and end where the end lies before the start')
    .option('--drop-end', 'take start plus duration where the end lies before the start or in the future')
    .option('--drop-duration', 'take end minus start where the duration is negative')
    .option('--cut', 'leave out tags after the 50th and characters of verdicts after the 100th')
    .option(
      '--confirm-since <time>',
      'let the monitor confirm the ends since a time (2026-11-01T00:00:00Z) or so long ago (7d)',
      parseTime,
    )
    .option('--batch <n>', 'rows in a transaction', parseBatch, 1_000)
    .action((table: string | undefined, options: ImportCommandOptions) =>
      run(options, (context) => {
        if (options.compare) return compareTable(context, table ?? null, toOptions(onlyNamespace(context), options));
        if (options.changes) return settleChanges(context, table ?? null, { follow: options.follow ?? false });
        return importTable(context, table ?? null, options);
      }),
    );
}

function collect(text: string, before: Record<string, string> = {}): Record<string, string> {
  const at = text.lastIndexOf('=');
  if (at < 1 || at === text.length - 1) throw new InvalidArgumentError('It is not of the form left=right.');
  return { ...before, [text.slice(0, at)]: text.slice(at + 1) };
}

function collectWorkflow(text: string, before: Record<string, string> = {}): Record<string, string> {
  return text.includes('=') ? collect(text, before) : { ...before, [REST]: text };
}

function parseBatch(text: string): number {
  const batch = Number(text);
  if (!Number.isInteger(batch) || batch < 1 || batch > 5_000)
    throw new InvalidArgumentError('Must be a whole number between 1 and 5000.');
  return batch;
}

function toOptions(namespace: string, given: ImportCommandOptions): ImportOptions {
  const { [REST]: workflow, ...workflows } = given.workflow ?? {};
  const columns = Object.entries(given.column ?? {}).map(([what, name]) => [what, name === 'none' ? null : name]);
  return {
    key: given.key,
    columns: Object.fromEntries(columns),
    statuses: (given.status ?? {}) as Record<string, ExecutionStatus>,
    workflows,
    workflow,
    user: given.user,
    createUsers: given.createUsers,
    keepRest: given.keepRest,
    swapTimes: given.swapTimes,
    dropEnd: given.dropEnd,
    dropDuration: given.dropDuration,
    cut: given.cut,
    namespace,
    confirmSince: given.confirmSince,
  };
}

/** A finding where a row could not be taken. */
async function importTable(
  context: CommandContext,
  table: string | null,
  given: ImportCommandOptions,
): Promise<ExitCode> {
  const { connections, terminal, json } = context;
  const { dryRun = false, batch, keepRest = false } = given;
  const options = toOptions(onlyNamespace(context), given);
  const service = createImportService(connections.supabase);
  const description = await service.describe(table, options);
  if (!json) terminal.print(...descriptionLines(description, { keepRest, terminal }));
  const left = timeLeft(description.rows);
  const open = createOpenSample();
  const report = await service.importRuns(description.source, options, {
    dryRun,
    batch,
    onProgress: ({ rows, refused }) =>
      terminal.progress(`${rows} of ${description.rows} rows, ${refused} refused${left(rows)}`),
    onOpen: open.add,
  });
  const temporal = await askAboutOpen(open, connections.engine, terminal);
  terminal.progress(null);
  if (json) terminal.json({ dryRun, ...description, ...report, open: temporal });
  else terminal.print(...reportLines(report, { dryRun, terminal }), ...openLines(temporal, { dryRun }));
  return report.refused > 0 ? EXIT.finding : EXIT.fine;
}
