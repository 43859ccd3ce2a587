import type { SaveCheck, UnsettledExecution } from '@runledger/contracts';
import { ExecutionError } from '@runledger/contracts';
import { diagnoseLost } from '@runledger/monitor/lost-health';
import type { Finding } from '@runledger/monitor/reconcile-once';
import { reconcileOnce } from '@runledger/monitor/reconcile-once';
import { pino } from 'pino';
import type { ExitCode } from './exit-code.ts';
import { EXIT } from './exit-code.ts';
import { createTally, differenceLines, summaryLines } from './reconcile-view.ts';
import type { Registry } from './registry.ts';
import type { CommandContext, CommonOptions } from './run-command.ts';
import { onlyNamespace } from './run-command.ts';

interface ReconcileOptions extends CommonOptions {
  dryRun?: boolean;
  execution?: string;
  acceptLost?: boolean;
}

export function addReconcile({ command, run }: Registry): void {
  command('reconcile', {
    description: 'Asks Temporal about every unsettled execution now, and makes the ledger say what it says.',
    examples: [
      'runledger reconcile --dry-run',
      'runledger reconcile',
      'runledger reconcile --execution order-42   # also one that is settled: finds a reset',
    ],
  })
    .option('--dry-run', 'only show what differs')
    .option(
      '--accept-lost',
      'note as lost what Temporal does not know: it ends the alarm of a monitor that does not believe it',
    )
    .option('-e, --execution <id>', 'only this one, by row id or Temporal workflow id')
    .action((options: ReconcileOptions) => run(options, (context) => reconcile(context, options)));
}

/** A finding where something differed and was not repaired. */
async function reconcile(context: CommandContext, options: ReconcileOptions): Promise<ExitCode> {
  const { connections, terminal, json } = context;
  const { dryRun = false, execution } = options;
  const namespace = execution === undefined ? onlyNamespace(context) : context.namespace;
  const rows = execution === undefined ? undefined : [await find(context, execution)];
  const tally = createTally();
  const differences: Finding[] = [];
  const lost: SaveCheck[] = [];

  await reconcileOnce({
    ...connections,
    namespace,
    logger: pino({ level: 'silent' }),
    dryRun,
    rows,
    onFinding(finding) {
      tally.add(finding);
      if (finding.comparison?.kind === 'unknown') lost.push(lostCheck(finding.row));
      terminal.progress(`${tally.checked} asked about, ${tally.differing} differ`);
      if (isRoutine(finding)) return;
      if (json) differences.push(finding);
      else terminal.print(...differenceLines(finding, { dryRun, terminal }));
    },
  });

  if (options.acceptLost && !dryRun) {
    for (let at = 0; at < lost.length; at += PAGE) await connections.ledger.saveChecks(lost.slice(at, at + PAGE));
  }
  terminal.progress(null);
  const { checked, agreed, differing, repaired, confirmed, lacking, completed, unknown, failed } = tally;
  const summary = { checked, agreed, differing, repaired, confirmed, lacking, completed, unknown, failed };
  if (json) terminal.json({ namespace, dryRun, ...summary, findings: differences });
  else terminal.print(...summaryLines(tally, { dryRun, terminal }));
  return differing > repaired || unknown > 0 || failed > 0 ? EXIT.finding : EXIT.fine;
}

/** Checks noted in one call. */
const PAGE = 200;

/** Due at once: the monitor looks at it as what is known to be lost, which is not a cause for alarm. */
function lostCheck(row: UnsettledExecution): SaveCheck {
  return { executionId: row.executionId, ...diagnoseLost(row), nextCheckInMs: 0 };
}

/** @throws ExecutionError `not_found`, and `invalid_input` for one that no engine runs */
async function find({ connections }: CommandContext, id: string): Promise<UnsettledExecution> {
  const story = await connections.ledger.story(id);
  if (!story) throw new ExecutionError('not_found', `There is no execution with the row id or workflow id "${id}".`);
  if (!story.followed) {
    throw new ExecutionError('invalid_input', `Execution ${id} is direct: the application reports it, not Temporal.`);
  }
  return story.followed;
}

/** What needs no line of its own; a part that an open execution lacks comes with its next check anyway. */
function isRoutine({ row, comparison, error }: Finding): boolean {
  if (error !== null) return false;
  return comparison?.kind === 'agrees' || (comparison?.kind === 'lacks' && row.authority !== 'engine');
}
