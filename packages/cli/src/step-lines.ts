import type { ExecutionStory, Step } from '@runledger/contracts';
import { formatDuration } from '@runledger/contracts/format-duration';
import { noted, table } from '@runledger/host/table';
import { cut, plain } from '@runledger/host/text';
import { stepBar } from './step-bars.ts';
import type { Terminal } from './terminal.ts';
import { count, moment } from './words.ts';

/** Of a step's failure; the whole is in the JSON. Characters. */
const LONGEST_NOTE = 300;
const UNHAPPY: readonly Step['status'][] = ['failed', 'timed_out', 'cancelled', 'terminated'];
/** Columns of a bar, where the terminal has this many. */
const BAR = 40;
const WIDE = 120;
/** Below this, how often a step was tried is a number only. */
const NARROW = 80;

const triesOf = ({ attempts }: Step, isShort: boolean) =>
  attempts === null || attempts < 2 ? '' : isShort ? ` ×${attempts}` : ` after ${attempts} attempts`;

type Look = Pick<Terminal, 'colors' | 'width'> & { zone: string };

/** What an execution did, along time where there is room for it. */
export function stepLines({ timeline, execution }: ExecutionStory, { colors, width, zone }: Look): string[] {
  if (!timeline) return [];
  if (timeline.state === 'pending') return ['Steps', colors.dim('  are being read from Temporal')];
  if (timeline.state === 'missing')
    return ['Steps', colors.dim('  Temporal no longer had the history when it was read')];
  const { steps } = timeline;
  const scale = {
    fromMs: Math.min(...steps.map(({ scheduledAt }) => Date.parse(scheduledAt))),
    toMs: Math.max(
      execution.completedAt ? Date.parse(execution.completedAt) : Date.now(),
      ...steps.map(({ endedAt, scheduledAt }) => Date.parse(endedAt ?? scheduledAt)),
    ),
    columns: BAR,
  };
  const isWide = width >= WIDE;
  const rows = steps.map((step) => [
    moment(step.scheduledAt, zone).slice(11),
    step.kind.replace('_', ' '),
    step.name,
    step.status + triesOf(step, width < NARROW),
    step.endedAt ? formatDuration(Date.parse(step.endedAt) - Date.parse(step.scheduledAt)) : '',
  ]);
  const notes = steps.map(({ failure }) => (failure ? cut(plain(failure.message), LONGEST_NOTE) : ''));
  const paint = (text: string, row: number, column: number) => {
    const status = steps[row]?.status;
    if (column === 3 && status && UNHAPPY.includes(status)) return colors.red(text);
    return column === 0 ? colors.dim(text) : text;
  };
  const lines = table(rows, { width: isWide ? width - BAR - 2 : width, paint });
  const omitted = Object.entries(timeline.omitted).map(([kind, n]) => count(n ?? 0, `${kind.replace('_', ' ')} step`));
  return [
    `Steps (${steps.length})${timeline.state === 'live' ? colors.dim(', read from Temporal just now') : ''}`,
    ...(rows.length === 0 ? [colors.dim('  none')] : noted(isWide ? beside(lines) : lines, notes, width)),
    ...(omitted.length > 0 ? [colors.dim(`  and ${omitted.join(', ')} that were not kept`)] : []),
  ];

  function beside(texts: string[]): string[] {
    return texts.map((text, at) => `  ${paintBar(steps[at] as Step)}${text}`);
  }
  function paintBar(step: Step): string {
    const bar = stepBar(step, scale);
    return UNHAPPY.includes(step.status) ? colors.red(bar) : colors.cyan(bar);
  }
}
