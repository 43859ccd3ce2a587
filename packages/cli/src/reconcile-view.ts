import type { UnsettledExecution } from '@runledger/contracts';
import { formatDuration } from '@runledger/contracts/format-duration';
import { plain, wrap } from '@runledger/host/text';
import type { Finding, TemporalWord } from '@runledger/monitor/reconcile-once';
import type { Terminal } from './terminal.ts';
import { count, moment } from './words.ts';

/** What was found so far. */
export interface Tally {
  checked: number;
  agreed: number;
  /** The ledger said something else than Temporal. */
  differing: number;
  repaired: number;
  /** Reports that Temporal confirmed. */
  confirmed: number;
  /** The status was right, and a part of them was missing. */
  lacking: number;
  completed: number;
  /** Temporal does not know them. */
  unknown: number;
  /** Could not be asked about, or not be repaired. */
  failed: number;
  add(finding: Finding): void;
}

export function createTally(): Tally {
  const tally: Tally = {
    checked: 0,
    agreed: 0,
    differing: 0,
    repaired: 0,
    confirmed: 0,
    lacking: 0,
    completed: 0,
    unknown: 0,
    failed: 0,
    add({ comparison, repaired, error }) {
      tally.checked += 1;
      if (error !== null) tally.failed += 1;
      if (comparison?.kind === 'lacks') {
        tally.lacking += 1;
        if (repaired) tally.completed += 1;
      } else if (comparison?.kind === 'differs' || comparison?.kind === 'registered_late') {
        tally.differing += 1;
        if (repaired) tally.repaired += 1;
      } else if (comparison?.kind === 'unknown') tally.unknown += 1;
      else if (comparison?.kind === 'unconfirmed') tally.confirmed += 1;
      else if (comparison && error === null) tally.agreed += 1;
    },
  };
  return tally;
}

interface Look {
  dryRun: boolean;
  terminal: Pick<Terminal, 'colors' | 'width'>;
}

const REPAIRABLE: ReadonlySet<string> = new Set(['differs', 'registered_late', 'lacks']);

/** One execution of which there is something to say. */
export function differenceLines({ row, comparison, repaired, error }: Finding, { dryRun, terminal }: Look): string[] {
  const { colors, width } = terminal;
  const names = [...new Set([row.executionId, plain(row.temporalWorkflowId)])];
  const heading = names.join('  ').length <= width ? [names.join('  ')] : names;
  const say = (name: string, text: string) =>
    wrap(plain(text), width - 17).map((line, at) => `  ${colors.dim((at === 0 ? name : '').padEnd(13))}  ${line}`);
  const lines = [...heading.map((name) => colors.bold(name)), ...say('ledger says', ledgerWord(row))];
  switch (comparison?.kind) {
    case 'differs':
    case 'unconfirmed':
      lines.push(...say('Temporal says', temporalWord(comparison.temporal)));
      break;
    case 'lacks':
      lines.push(...say('Temporal says', `the same, and more than the ledger has: ${comparison.parts.join(', ')}`));
      break;
    case 'registered_late':
      lines.push(
        ...say('Temporal says', `its first run is ${comparison.firstRunId}; it was registered by a later one`),
      );
      break;
    case 'unknown':
    case 'not_started':
      lines.push(...say('Temporal says', comparison.reason));
      break;
    case 'young_report':
      lines.push(
        ...say('Temporal says', `running; the report may be taken back in ${formatDuration(comparison.forMs)}`),
      );
      break;
  }
  if (error !== null) return [...lines, ...say('failed', error).map((line) => colors.red(line))];
  if (repaired) return [...lines, `  ${colors.green(comparison?.kind === 'unconfirmed' ? 'confirmed' : 'repaired')}`];
  if (dryRun && comparison && REPAIRABLE.has(comparison.kind))
    return [...lines, `  ${colors.yellow('would be repaired')}`];
  if (comparison?.kind === 'unknown') return [...lines, `  ${colors.red('cannot be repaired')}`];
  return lines;
}

function ledgerWord({ status, authority, currentRunId, closingRunId }: UnsettledExecution): string {
  const run = closingRunId ?? currentRunId;
  return `${status}${authority === 'reported' ? ', by a report' : ''}${run ? `, run ${run}` : ''}`;
}

function temporalWord({ status, runId, closedAt, message }: TemporalWord): string {
  const when = closedAt ? ` at ${moment(closedAt)} UTC` : '';
  return `${status}${when}${runId ? `, run ${runId}` : ''}${message ? `: ${message}` : ''}`;
}

/** What it came to. */
export function summaryLines(tally: Tally, { dryRun, terminal }: Look): string[] {
  const { colors } = terminal;
  const { checked, differing, repaired, confirmed, lacking, completed, unknown, failed } = tally;
  if (checked === 0) return [`${colors.green('✓')} No execution is open; there was nothing to ask about.`];
  const left = differing - repaired;
  const parts = [
    `${count(checked, 'execution')} asked about`,
    differing === 0
      ? 'none differed'
      : `${differing} differed, ${dryRun ? 'none repaired (dry run)' : `${repaired} repaired`}`,
    ...(lacking > 0
      ? [`${lacking} lacked a part, ${dryRun ? 'none completed (dry run)' : `${completed} completed`}`]
      : []),
    ...(confirmed > 0 ? [`${confirmed} reported ${dryRun ? 'to be confirmed' : 'and confirmed'}`] : []),
    ...(unknown > 0 ? [`${unknown} unknown to Temporal`] : []),
    ...(failed > 0 ? [`${failed} failed`] : []),
  ];
  const mark = left > 0 || unknown > 0 || failed > 0 ? colors.red('✗') : colors.green('✓');
  return wrap(`${parts.join('; ')}.`, terminal.width - 2).map((line, at) => `${at === 0 ? mark : ' '} ${line}`);
}
