import type { FeedState, Health, Proof } from '@runledger/contracts';
import { HEALTHS, SMALLEST_SAMPLES, usualMissRate } from '@runledger/contracts';
import { formatDuration } from '@runledger/contracts/format-duration';
import type { Colors } from '@runledger/host/colors';
import { table } from '@runledger/host/table';
import { plain, wrap } from '@runledger/host/text';
import { healthBar, healthPaint } from './health-bar.ts';
import type { Terminal } from './terminal.ts';
import { ago, count } from './words.ts';

export interface StatusFacts {
  proof: Proof | null;
  problems: string[];
  namespace: string;
}

/** Columns of the bar of health, at most. */
const BAR = 60;

const PERCENTILES = ['p50Ms', 'p95Ms', 'p99Ms'] as const;

const MEANING: Record<Health, string> = {
  live: 'running as it should',
  late: 'running longer than usual, an activity only fails, or not started yet',
  wedged: 'does nothing until its code is fixed or a worker is started',
  cancelling: 'asked to cancel, not ended yet',
  lost: 'Temporal does not know it any more',
};

/** The proof for people. */
export function statusLines({ proof, problems, namespace }: StatusFacts, { colors, width }: Terminal): string[] {
  const warnings = problemLines(problems, { colors, width });
  if (!proof) return warnings;
  return [
    ...headline(proof, problems.length === 0, { colors, width }),
    ...warnings,
    '',
    ...healthLines(proof, colors, width),
    ...recordedLines(proof, colors, width),
    '',
    ...monitorLines(proof, namespace, { colors, width }),
  ];
}

/** What is not well, a paragraph each. */
export function problemLines(problems: string[], { colors, width }: Look): string[] {
  return problems.flatMap((problem) =>
    wrap(plain(problem), width - 2).map((line, at) => `${at === 0 ? colors.red('✗') : ' '} ${line}`),
  );
}

type Look = Pick<Terminal, 'colors' | 'width'>;

function headline(proof: Proof, isWell: boolean, { colors, width }: Look): string[] {
  const { diverging, open, oldestCheckAgeMs } = proof;
  const oldest =
    oldestCheckAgeMs === null
      ? ''
      : `; oldest check ${formatDuration(oldestCheckAgeMs + Math.max(0, Date.now() - Date.parse(proof.at)))} ago`;
  const verb = diverging === 1 ? 'diverges' : 'diverge';
  const said =
    open === 0 ? 'No execution is open' : `${diverging} of ${count(open, 'open execution')} ${verb}${oldest}`;
  const mark = isWell ? colors.green('✓') : diverging > 0 ? colors.red('✗') : colors.yellow('!');
  return wrap(`${said}.`, width - 2).map((line, at) => `${at === 0 ? mark : ' '} ${colors.bold(line)}`);
}

function healthLines(proof: Proof, colors: Colors, width: number): string[] {
  if (proof.open === 0) return [];
  const rows = HEALTHS.map((health) => [health, String(proof.health[health] ?? 0), MEANING[health]]);
  if (proof.unchecked > 0) rows.push(['unchecked', String(proof.unchecked), 'new, not looked at yet']);
  const shown = rows.filter(([name, n]) => name === 'live' || n !== '0');
  const paint = (text: string, row: number, column: number) => {
    const health = HEALTHS.find((one) => one === shown[row]?.[0]);
    if (column === 2) return colors.dim(text);
    return health === undefined || health === 'live' ? text : healthPaint(health, colors)(text);
  };
  const bar = healthBar(proof, colors, Math.min(BAR, width - 'Health  '.length));
  return [bar ? `Health  ${bar}` : 'Health', ...table(shown, { width, numbers: [1], paint }), ''];
}

function recordedLines(proof: Proof, colors: Colors, width: number): string[] {
  const sources = Object.entries(proof.recorded).sort(([, a], [, b]) => b.count - a.count);
  const lines = [`Ends recorded in the last hour${proof.capped ? ' (of the latest 10,000 changes)' : ''}`];
  if (sources.length === 0) lines.push(colors.dim('  none'));
  else {
    const rows = [
      ['noticed by', 'ends', 'half within', '95 %', '99 %', 'slowest'],
      ...sources.map(([source, lag]) => [
        source,
        lag.count.toLocaleString('en'),
        ...PERCENTILES.map((name) => (lag.count < SMALLEST_SAMPLES[name] ? '–' : formatDuration(lag[name]))),
        formatDuration(lag.maxMs),
      ]),
    ];
    const paint = (text: string, row: number) => (row === 0 ? colors.dim(text) : text);
    lines.push(...table(rows, { width, numbers: [1, 2, 3, 4, 5], paint }));
  }
  if (proof.feedMissRate !== null) lines.push(...missLines(proof.feedMissRate, proof, colors, width));
  const corrected = Object.values(proof.corrected).reduce((sum, n) => sum + n, 0);
  if (corrected > 0)
    lines.push(colors.yellow(`  ${count(corrected, 'report')} contradicted by Temporal, and corrected`));
  if (proof.diverged > 0) {
    lines.push(colors.yellow(`  ${count(proof.diverged, 'row')} found to differ from Temporal, and repaired`));
  }
  const brought = Object.entries(proof.broughtParts).filter(([, n]) => n > 0);
  if (brought.length > 0) {
    const parts = brought.map(([part, n]) => `${part} ${n.toLocaleString('en')} ×`).join(', ');
    const said = wrap(`parts that rows lacked beside their status, and checks brought: ${parts}`, width - 2);
    lines.push(...said.map((line) => colors.dim(`  ${line}`)));
  }
  return lines;
}

/** Which part of the ends the regular check alone has found, and whether that is as it should be. */
function missLines(rate: number, proof: Proof, colors: Colors, width: number): string[] {
  const { monitor } = proof;
  const usual = usualMissRate(proof);
  if (rate === 0) return [colors.dim('  hints announced all of them')];
  const part = `${(rate * 100).toFixed(1)} % of them were found by the reconciler only`;
  if (rate <= usual) return [colors.dim(`  ${part}: no more than usual`)];
  const isThrottled = [monitor.closureFeed, monitor.startFeed].some(({ throttledSince }) => throttledSince !== null);
  const why = isThrottled
    ? 'Temporal throttles the feeds, as said below'
    : 'look at the monitor’s log for what keeps its feeds from reading';
  const said = `${part}: above the usual ${(usual * 100).toFixed(0)} %. Nothing is lost, it was only known later; ${why}.`;
  return wrap(said, width - 2).map((line) => colors.yellow(`  ${line}`));
}

function monitorLines(proof: Proof, namespace: string, { colors, width }: Look): string[] {
  const { monitor } = proof;
  const rows = [
    ['published', `${ago(proof.at)}, every ${formatDuration(proof.periodMs)}, for namespace ${namespace}`],
    ['by', `${monitor.identity}, version ${monitor.version}, started ${ago(monitor.startedAt)}`],
    ['checks', checks(proof)],
    ['steps', steps(proof)],
    ['watching', `${count(monitor.watching, 'execution')} by long polls, at most ${monitor.watchCap}`],
    ['closure feed', feed(monitor.closureFeed)],
    ['start feed', feed(monitor.startFeed)],
  ];
  const throttled = [monitor.closureFeed, monitor.startFeed].map(({ throttledSince }) => throttledSince !== null);
  const paint = (text: string, row: number, column: number) => {
    if (column === 0) return colors.dim(text);
    return throttled[row - 5] ? colors.yellow(text) : text;
  };
  return ['Monitor', ...table(rows, { width, paint })];
}

function checks({ periodMs, periodReachedMs }: Proof): string {
  const reached = periodReachedMs === null ? 'nothing to check' : `${formatDuration(periodReachedMs)} reached`;
  return `every open execution within ${formatDuration(periodMs)}: ${reached}`;
}

function steps({ timelines: { pending, oldestAgeMs } }: Proof): string {
  if (pending === 0 || oldestAgeMs === null) return 'those of all ended executions are read';
  const many = pending >= 10_000 ? 'at least 10,000' : pending.toLocaleString('en');
  return `those of ${many} ended executions are still to be read, the oldest for ${formatDuration(oldestAgeMs)}`;
}

/** When it last looked, and not how old the newest is that it found: where nothing happens, that is old and well. */
function feed({ everyMs, throttledSince, readAt }: FeedState): string {
  const read = readAt ? `read ${ago(readAt)}` : 'has read nothing yet';
  const slowed = throttledSince
    ? `throttled by Temporal since ${formatDuration(Date.now() - Date.parse(throttledSince))}; `
    : '';
  return `${slowed}every ${formatDuration(everyMs)}, ${read}`;
}
