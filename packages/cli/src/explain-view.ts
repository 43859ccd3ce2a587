import type { Execution, ExecutionStatus, ExecutionStory, ExecutionTransition } from '@runledger/contracts';
import { isTerminal } from '@runledger/contracts';
import { formatDuration } from '@runledger/contracts/format-duration';
import { shellWord } from '@runledger/contracts/shell-word';
import type { Colors } from '@runledger/host/colors';
import { noted, table } from '@runledger/host/table';
import { plain, wrap } from '@runledger/host/text';
import type { Alike } from './alike.ts';
import type { EngineNow } from './engine-now.ts';
import { explanationOf } from './explanation.ts';
import { stepLines } from './step-lines.ts';
import type { Terminal } from './terminal.ts';
import { ago, count, moment } from './words.ts';

export interface Explanation {
  story: ExecutionStory;
  /** `null` for a direct execution. */
  engine: EngineNow | null;
  /** Why nobody would notice a change of it. */
  problems: string[];
  /** Others that failed like it; `null` where there are none. */
  alike: Alike | null;
  payloads: boolean;
  /** What users are called, by id; `null` where nobody knows. */
  names: Record<string, string | null>;
}

type Look = Pick<Terminal, 'colors' | 'width'> & {
  /** That times are told in. */
  zone: string;
};

/** The story of one execution for people. */
export function explainLines({ story, engine, problems, alike, payloads, names }: Explanation, look: Look): string[] {
  const parts = [
    headLines(story, names, look),
    alike ? alikeLines(alike, story.execution, look) : [],
    healthLines(story, look),
    problemLines(problems, look),
    engineLines(engine, story.execution.lostAt !== null, look),
    transitionLines(story, names, look),
    runLines(story, look),
    reportLines(story, names, look),
    stepLines(story, look),
    payloads ? payloadLines(story.execution, look) : [],
    nextLines(story, engine, look),
  ];
  return parts.filter((lines) => lines.length > 0).flatMap((lines, at) => (at === 0 ? lines : ['', ...lines]));
}

type Names = Explanation['names'];

/** What somebody is called, else their id. */
const called = (id: string, names: Names) => plain(names[id] ?? id);

function headLines(story: ExecutionStory, names: Names, { colors, width, zone }: Look): string[] {
  const { execution, workflowName } = story;
  const { status, outcomeAuthority, errorMessage, lostAt, endedBy } = execution;
  const isConfirmed = outcomeAuthority !== 'reported' || execution.engine === 'none';
  const said = lostAt
    ? `, as ${endedBy ? called(endedBy, names) : 'somebody'} said: Temporal does not know it`
    : isConfirmed
      ? ''
      : ' by a report, to be confirmed by Temporal';
  const direct = execution.engine === 'none' ? 'direct: the application reports it' : null;
  const rows = [
    ['execution', execution.id],
    ['workflow', plain(workflowName)],
    ['user', called(execution.createdBy, names)],
    direct ? ['engine', direct] : ['temporal', `${execution.temporalNamespace} / ${execution.temporalWorkflowId}`],
    ['asked for', `${moment(execution.startedAt, zone)} ${zone}, ${ago(execution.startedAt)}`],
    ...(execution.completedAt
      ? [['ended', `${moment(execution.completedAt, zone)} ${zone}${ranFor(execution.durationMs)}`]]
      : []),
    ...(endedBy ? [['ended by', called(endedBy, names)]] : []),
    ...(execution.verdict ? [['verdict', execution.verdict]] : []),
    ...(execution.tags.length > 0 ? [['tags', execution.tags.join(', ')]] : []),
    ...(execution.cancelRequestedAt
      ? [
          [
            'cancel',
            `requested ${moment(execution.cancelRequestedAt, zone)} ${zone} by ${
              execution.cancelRequestedBy ? called(execution.cancelRequestedBy, names) : 'nobody named'
            }`,
          ],
        ]
      : []),
  ];
  const explained = explanationOf(story).sentence;
  // A message is a sentence too, and names what Temporal calls its callers.
  const why = errorMessage
    ? wrap(plain(errorMessage), width - 2).map((line) => `  ${colors.red(line)}`)
    : wrap(plain(explained), width - 2).map((line) => `  ${line}`);
  return [
    `${colors.bold(statusWord(status, colors))}${said}`,
    ...why,
    ...table(rows, { width, paint: (text, _, column) => (column === 0 ? colors.dim(text) : text) }),
  ];
}

/** Nothing where nobody knows how long it ran. */
function ranFor(durationMs: number | null): string {
  return durationMs === null ? '' : `, after ${formatDuration(durationMs)}`;
}

/** How many more there are, and the command that lists them. */
function alikeLines(
  { others, since, failureGroup }: Alike,
  { workflowId }: Execution,
  { colors, zone }: Look,
): string[] {
  const day = (at: string | number) => moment(new Date(at).toISOString(), zone).slice(0, 10);
  const from = day(since) === day(Date.now()) ? moment(since, zone).slice(11, 16) : moment(since, zone).slice(0, 16);
  return [
    colors.yellow(`${count(others, 'other')} failed like this since ${from}:`),
    colors.dim(`  runledger export --workflow ${workflowId} \\`),
    colors.dim(`    --filter "failureGroup=${failureGroup}&from=-24h"`),
  ];
}

function statusWord(status: ExecutionStatus, colors: Colors): string {
  if (status === 'completed') return colors.green(status);
  if (!isTerminal(status)) return colors.cyan(status);
  return status === 'cancelled' ? colors.yellow(status) : colors.red(status);
}

function healthLines({ health }: ExecutionStory, { colors, width, zone }: Look): string[] {
  if (!health) return [];
  const checked = health.checkedAt ? colors.dim(` (checked ${moment(health.checkedAt, zone)} ${zone})`) : '';
  const paint = health.health === 'live' ? colors.green : colors.yellow;
  return [
    `Health: ${paint(health.health)}${checked}`,
    ...(health.reason ? wrap(plain(health.reason), width - 2).map((line) => `  ${line}`) : []),
    ...(health.remedy ? wrap(`What to do: ${plain(health.remedy)}`, width - 2).map((line) => `  ${line}`) : []),
  ];
}

const REPAIRED_BY = '"runledger reconcile --execution" repairs it, and so will the monitor.';

function problemLines(problems: string[], { colors, width }: Look): string[] {
  return problems.flatMap((problem) =>
    wrap(plain(problem), width - 2).map((line, at) => `${at === 0 ? colors.red('✗') : ' '} ${line}`),
  );
}

function engineLines(engine: EngineNow | null, isLost: boolean, { colors, width }: Look): string[] {
  if (!engine) return [];
  const block = (mark: string, text: string) =>
    wrap(plain(text), width - 2).map((line, at) => `${at === 0 ? mark : ' '} ${line}`);
  const { comparison, status, error } = engine;
  if (!comparison) return block(colors.red('✗'), `Temporal could not be asked: ${error}`);
  switch (comparison.kind) {
    case 'agrees':
      return status
        ? block(colors.green('✓'), `Temporal agrees: it says ${status}.`)
        : block(
            colors.green('✓'),
            isLost
              ? 'Temporal does not know it, and it is settled by what was said of its end.'
              : 'Temporal no longer knows it; what the ledger holds was read from it before.',
          );
    case 'unconfirmed':
      return block(colors.green('✓'), `Temporal says ${status} too; the ledger is about to note that.`);
    case 'young_report':
      return block(colors.yellow('!'), `Temporal says ${status}; the report is too young to be taken back for that.`);
    case 'lacks':
      return block(
        colors.yellow('!'),
        `Temporal says ${status} too, and has more than the ledger: ${comparison.parts.join(', ')}. ${REPAIRED_BY}`,
      );
    case 'registered_late':
      return block(
        colors.red('✗'),
        `It was registered by a later run of its chain; Temporal calls ${comparison.firstRunId} the first. ${REPAIRED_BY}`,
      );
    case 'not_started':
      return block(colors.yellow('!'), `Temporal does not know it: ${comparison.reason}.`);
    case 'unknown':
      return block(colors.red('✗'), `Temporal does not know it: ${comparison.reason}.`);
    case 'differs': {
      const { runId, message } = comparison.temporal;
      return block(
        colors.red('✗'),
        `Temporal says ${status}${runId ? ` (run ${runId})` : ''}${message ? `: ${message}` : ''}. ${REPAIRED_BY}`,
      );
    }
  }
}

function transitionLines(
  { transitions, execution }: ExecutionStory,
  names: Names,
  { colors, width, zone }: Look,
): string[] {
  const rows = transitions.map(({ at, fromStatus, toStatus, source }) => [
    moment(at, zone),
    `${fromStatus ?? 'new'} → ${toStatus}`,
    source,
  ]);
  const paint = (text: string, _: number, column: number) => (column === 1 ? text : colors.dim(text));
  const notes = transitions.map((transition) => whoAndWhy(transition, execution, names));
  return [`What happened (${zone})`, ...noted(table(rows, { width, paint }), notes, width)];
}

function whoAndWhy(
  { at, authority, actor, reason, fromStatus, toStatus }: ExecutionTransition,
  { completedAt, status }: Execution,
  names: Names,
): string {
  const isReport = authority === 'reported' && isTerminal(toStatus);
  const said = fromStatus === toStatus ? `confirmed by ${authority}` : isReport ? 'reported' : '';
  // Of the end that stands: how long after it the ledger knew.
  const isEnd = completedAt !== null && toStatus === status && fromStatus !== toStatus;
  const late = isEnd ? `${formatDuration(Math.max(0, Date.parse(at) - Date.parse(completedAt)))} after the end` : '';
  return [said, actor ? `by ${called(actor, names)}` : '', reason ?? '', late].filter(Boolean).join(', ');
}

/** Temporal's words for how one run led to the next, shorter. */
const RUN_WORDS: Record<string, string> = { continue_as_new: 'continued', continued_as_new: 'handed on' };

function runLines({ runs, execution }: ExecutionStory, { colors, width, zone }: Look): string[] {
  if (runs.length === 0) return [];
  // Beside a run id, which is of no use when it is cut, a narrow terminal has no room for the date.
  const time = (at: string) => (width < 100 ? moment(at, zone).slice(11, 19) : moment(at, zone).slice(0, 19));
  const rows = runs.map(({ startedAt, cause, status, runId }) => [
    time(startedAt),
    RUN_WORDS[cause] ?? cause,
    RUN_WORDS[status] ?? status,
    runId,
  ]);
  const paint = (text: string, _: number, column: number) => (column === 0 ? colors.dim(text) : text);
  const notes = runs.map(({ errorMessage }) => (errorMessage === execution.errorMessage ? '' : (errorMessage ?? '')));
  return [`Runs in Temporal (${runs.length})`, ...noted(table(rows, { width, paint }), notes, width)];
}

function reportLines({ reports }: ExecutionStory, names: Names, { colors, width, zone }: Look): string[] {
  if (reports.length === 0) return [];
  const rows = reports.map(({ reportedAt, status, result, actor }) => [
    moment(reportedAt, zone),
    status,
    result,
    actor ? `by ${called(actor, names)}` : '',
  ]);
  const paint = (text: string, _: number, column: number) => (column === 0 ? colors.dim(text) : text);
  return ['Reports', ...table(rows, { width, paint })];
}

function payloadLines(execution: Execution, { colors }: Look): string[] {
  const { input, output, outputNote, failure, stateSnapshot } = execution;
  const shown = Object.entries({ input, output, failure, stateSnapshot }).filter(([, value]) => value !== null);
  const lines = shown.flatMap(([name, value]) => [
    colors.bold(name),
    // JSON escapes control characters itself.
    ...JSON.stringify(value, null, 2)
      .split('\n')
      .map((line) => `  ${line}`),
  ]);
  if (outputNote) lines.push(colors.dim(`output: ${outputNote}`));
  return lines.length > 0 ? lines : [colors.dim('It has no payloads.')];
}

/** What one types next, in whole: a command that is cut is none. */
function nextLines({ execution }: ExecutionStory, engine: EngineNow | null, { colors, width }: Look): string[] {
  const { id, temporalNamespace, temporalWorkflowId } = execution;
  const isOff = engine?.comparison?.kind === 'differs' || engine?.comparison?.kind === 'lacks';
  const commands = [
    ...(isOff ? [['runledger reconcile', `--execution ${id}`]] : []),
    ['runledger ui', id],
    ...(temporalWorkflowId
      ? [[`temporal workflow show --namespace ${temporalNamespace}`, `--workflow-id ${shellWord(temporalWorkflowId)}`]]
      : []),
  ].map((parts) => parts.map(plain));
  const lines = commands.flatMap((parts) => {
    const line = `  ${parts.join(' ')}`;
    return line.length <= width ? [line] : [`  ${parts[0]} \\`, `    ${parts[1]}`];
  });
  return ['Next', ...lines.map((line) => colors.dim(line))];
}
