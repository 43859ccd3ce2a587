import { once } from 'node:events';
import type { ExecutionPage, Scope } from '@runledger/contracts';
import { ALL_REDACTED, ExecutionError, readFilter, redactPayloads, redactRow } from '@runledger/contracts';
import { createExecutionReader, createExecutionService } from '@runledger/execution-service';
import type { ExportFormat, ExportRow } from '@runledger/host/export-text';
import { EXPORT_FORMATS, exportText } from '@runledger/host/export-text';
import { Option } from 'commander';
import type { ExitCode } from './exit-code.ts';
import { EXIT } from './exit-code.ts';
import type { Registry } from './registry.ts';
import type { CommandContext, CommonOptions } from './run-command.ts';

/** Executions read at once, and of those with payloads: each may be three megabytes. */
const PAGE_SIZE = { usual: 200, withPayloads: 10 } as const;

interface ExportOptions extends CommonOptions {
  user?: string;
  workflow?: string;
  everyone?: boolean;
  filter?: string;
  format: ExportFormat;
  payloads?: boolean;
  clear?: boolean;
}

export function addExport({ command, run }: Registry): void {
  command('export', {
    description:
      'Writes executions of a user, a workflow or everybody to standard output, newest first, however many there are.',
    examples: [
      'runledger export --user 0199d8f0-4a3b-7c6d-8e9f-0a1b2c3d4e5f --filter "status=failed&from=-24h" > failed.csv',
      'runledger export --workflow 0199d8f1-5b4c-7d7e-8f90-1b2c3d4e5f60 --format ndjson --payloads > all.ndjson',
    ],
  })
    .option('--user <id>', 'of this user')
    .option('--workflow <id>', 'of this workflow, of all users unless --user is given')
    .option('--everyone', 'of all users')
    .option('--filter <text>', 'as a page address has it: status=failed,timed_out&not=tag:test&from=-24h')
    .addOption(new Option('--format <format>', 'of the output').choices(EXPORT_FORMATS).default('csv'))
    .option('--payloads', 'with inputs and outputs')
    .option('--clear', 'also what workflows redact')
    .action((options: ExportOptions) => run(options, (context) => exportExecutions(context, options)));
}

async function exportExecutions({ connections, host, terminal, json }: CommandContext, options: ExportOptions) {
  const { user: userId, workflow: workflowId, everyone = false, payloads: hasPayloads = false } = options;
  const { filter, ignored } = readFilter(options.filter ?? '');
  if (ignored.length > 0)
    throw new ExecutionError('invalid_input', `The filter has what no filter has: ${ignored.join(', ')}.`);
  const service = createExecutionService(connections.supabase);
  const reader = createExecutionReader({ asCaller: connections.supabase, asService: connections.supabase });
  const scope: Scope = {
    userId: userId ?? '',
    ...(workflowId === undefined ? {} : { ownedWorkflowId: workflowId }),
    ...(userId === undefined && workflowId === undefined && everyone ? { everybody: true } : {}),
  };
  const readPage = (cursor: string | null): Promise<ExecutionPage> => {
    const page = { ...filter, limit: hasPayloads ? PAGE_SIZE.withPayloads : PAGE_SIZE.usual, cursor };
    if (userId !== undefined)
      return service.listExecutionsByUser(userId, { ...page, ...(workflowId === undefined ? {} : { workflowId }) });
    if (workflowId !== undefined) return service.listExecutions(workflowId, page);
    if (everyone) return reader.list(scope, filter, { limit: page.limit, cursor });
    throw new ExecutionError('invalid_input', 'Say whose executions: --user, --workflow, both, or --everyone.');
  };

  async function describe(page: ExecutionPage): Promise<ExportRow[]> {
    const workflowIds = [...new Set(page.map((row) => row.workflowId))];
    const asked = { viewer: scope.userId, workflowIds, userIds: [], usualOf: [] };
    const { workflows: named } = await connections.ledger.describeRows(asked);
    const payloads = hasPayloads
      ? await reader.payloads(
          scope,
          page.map(({ id }) => id),
        )
      : null;
    return page.map((row) => {
      const workflow = named[row.workflowId];
      const redact = options.clear ? [] : (workflow?.redact ?? ALL_REDACTED);
      const { input, output } = payloads?.get(row.id) ?? {};
      return {
        ...redactRow(row, redact),
        ...(workflow ? { workflow: { name: workflow.name } } : {}),
        ...redactPayloads(
          { ...(input === undefined ? {} : { input }), ...(output === undefined ? {} : { output }) },
          redact,
        ),
      };
    });
  }

  async function* pages(): AsyncGenerator<ExportRow[]> {
    let cursor: string | null = null;
    do {
      const page: ExecutionPage = await readPage(cursor);
      yield await describe(page);
      cursor = page.nextCursor;
    } while (cursor !== null);
  }

  return write(exportText(pages(), { format: json ? 'ndjson' : options.format, hasPayloads }), { host, terminal });
}

/** As fast as it is read, and no longer than anybody reads. */
async function write(
  text: AsyncIterable<string>,
  { host: { stdout }, terminal }: Pick<CommandContext, 'host' | 'terminal'>,
): Promise<ExitCode> {
  let isLeft = false;
  stdout.once('error', () => {
    isLeft = true;
  });
  let written = 0;
  for await (const part of text) {
    if (isLeft) break;
    const isTaken = stdout.write(part);
    written += part.length;
    terminal.progress(`${Math.round(written / 1_000)} KB written`);
    // Ends where writing fails, too.
    if (!isTaken) await once(stdout, 'drain').catch(() => undefined);
  }
  return EXIT.fine;
}
