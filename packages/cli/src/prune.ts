import type { RetentionPolicy, RetentionReport } from '@runledger/contracts';
import { ExecutionError } from '@runledger/contracts';
import { createRetentionService } from '@runledger/execution-service';
import { table } from '@runledger/host/table';
import type { ExitCode } from './exit-code.ts';
import { EXIT } from './exit-code.ts';
import type { Registry } from './registry.ts';
import type { CommandContext, CommonOptions } from './run-command.ts';
import type { Terminal } from './terminal.ts';
import { parseSpan } from './time-option.ts';
import { count } from './words.ts';

interface PruneOptions extends CommonOptions {
  payloads?: number;
  timelines?: number;
  rows?: number;
  dryRun?: boolean;
}

export function addPrune({ command, run }: Registry): void {
  command('prune', {
    description: 'Removes what ended long ago: payloads, timelines, whole executions. Counters and statistics stay.',
    examples: [
      'runledger prune --payloads 30d --timelines 90d --rows 365d --dry-run',
      'runledger prune --payloads 30d --timelines 90d --rows 365d',
    ],
  })
    .option('--payloads <age>', 'drop input, output and state snapshot so long after the end (30d, 12h)', parseSpan)
    .option('--timelines <age>', 'drop timelines so long after the end', parseSpan)
    .option('--rows <age>', 'drop executions, with all they own, so long after the end', parseSpan)
    .option('--dry-run', 'only count')
    .action((options: PruneOptions) => run(options, (context) => prune(context, options)));
}

async function prune({ connections, terminal, json }: CommandContext, options: PruneOptions): Promise<ExitCode> {
  const { payloads: payloadsMs, timelines: timelinesMs, rows: rowsMs, dryRun = false } = options;
  const policy: RetentionPolicy = { payloadsMs, timelinesMs, rowsMs };
  if (Object.values(policy).every((age) => age === undefined))
    throw new ExecutionError('invalid_input', 'Say what goes after how long: --payloads, --timelines or --rows.');
  const report = await createRetentionService(connections.supabase).prune(policy, {
    dryRun,
    onProgress: ({ examined, rows, payloads, timelines }) =>
      terminal.progress(
        `${examined} executions looked at; ${payloads.due} payloads, ${timelines.due} timelines, ${rows.due} rows`,
      ),
  });
  terminal.progress(null);
  if (json) terminal.json({ dryRun, ...report });
  else terminal.print(...reportLines(report, { dryRun, terminal }));
  return EXIT.fine;
}

function reportLines(
  { examined, unsettled, ...parts }: RetentionReport,
  { dryRun, terminal: { colors, width } }: { dryRun: boolean; terminal: Pick<Terminal, 'colors' | 'width'> },
): string[] {
  const n = (value: number) => value.toLocaleString('en');
  const names = [
    ['payloads', 'input, output, state snapshot'],
    ['timelines', 'steps'],
    ['rows', 'executions with all they own'],
  ] as const;
  return [
    `${colors.green('✓')} ${count(examined, 'execution')} looked at${dryRun ? ' (dry run)' : ''}.`,
    ...table(
      [
        ['', 'before', dryRun ? 'would go' : 'gone', dryRun ? 'would stay' : 'after', ''],
        ...names.map(([name, what]) => {
          const { before, due } = parts[name];
          return [name, n(before), n(due), n(before - due), what];
        }),
      ],
      { width, numbers: [1, 2, 3], paint: (text, row) => (row === 0 ? colors.dim(text) : text) },
    ),
    ...(unsettled === 0
      ? []
      : [
          `${count(unsettled, 'execution')} old enough, but not settled: the monitor still follows them, and they stay.`,
        ]),
  ];
}
