import type { Stage } from '@runledger/contracts';
import { isTerminal, stageOf } from '@runledger/contracts';
import { formatDuration } from '@runledger/contracts/format-duration';
import type { Colors } from '@runledger/host/colors';
import { table } from '@runledger/host/table';
import { cut, plain } from '@runledger/host/text';
import type { TopFacts, TopRow } from './top-read.ts';
import { clockTime } from './words.ts';

/** What is on the screen beside the rows. */
export interface TopState {
  facts: TopFacts;
  /** Id of the row that keys act on. */
  selected: string | null;
  isOpenOnly: boolean;
  /** Since when nothing could be read, and why; `null` while it can. */
  away: { since: number; message: string } | null;
  /** A sentence below the rows, of what a key has done. */
  said: string | null;
  now: number;
  zone: string;
}

interface Look {
  colors: Colors;
  width: number;
  height: number;
}

/** Lines beside those of rows. */
const FRAME = 4;
const WORKFLOW = 24;
const USER = 16;
const SHORT_ID = 8;
/** Columns below which a row is no more than what is told apart by: an id has to be there as a whole. */
const NARROW = 80;
const NARROW_WORKFLOW = 16;

/** How many rows fit. */
export const roomFor = (height: number): number => Math.max(1, height - FRAME);

/** The whole screen: how all stand, the newest of them, and the keys. */
export function topLines(state: TopState, { colors, width, height }: Look): string[] {
  const { facts, selected, said } = state;
  const shown = facts.rows.slice(0, roomFor(height));
  const isNarrow = width < NARROW;
  const rows = shown.map((row) => [
    row.id === selected ? '▸' : ' ',
    row.status.replace('_', ' '),
    row.health && row.health !== 'live' ? row.health : '',
    cut(plain(row.workflowName), isNarrow ? NARROW_WORKFLOW : WORKFLOW),
    ...(isNarrow ? [] : [cut(plain((row.userName ?? row.createdBy).replace(/@.*$/, '')), USER)]),
    lastedOf(row, state.now),
    `…${row.id.slice(-SHORT_ID)}`,
    ...(isNarrow ? [] : [whyOf(row)]),
  ]);
  const head = isNarrow
    ? ['', 'status', 'health', 'workflow', 'for', 'id']
    : ['', 'status', 'health', 'workflow', 'user', 'for', 'id', 'why'];
  const took = head.indexOf('for');
  const paint = (text: string, at: number, column: number) => {
    const row = shown[at - 1];
    if (!row) return colors.dim(text);
    if (column === 1) return paintStatus(row, text, colors);
    if (column === 2) return row.health === 'late' ? colors.yellow(text) : colors.red(text);
    return row.id === selected && column === 3 ? colors.bold(text) : column > took ? colors.dim(text) : text;
  };
  const lines = shown.length === 0 ? ['  None.'] : table([head, ...rows], { width, indent: 0, numbers: [took], paint });
  const keys = `↑↓ choose · Enter explains · o opens the page · a ${state.isOpenOnly ? 'all' : 'open only'} · q quits`;
  return [
    headLine(state, { colors, width }),
    '',
    ...lines,
    said ? colors.yellow(cut(said, width)) : colors.dim(cut(keys, width)),
  ];
}

function headLine({ facts, away, zone, now }: TopState, { colors, width }: Pick<Look, 'colors' | 'width'>): string {
  const { open, isCapped, health } = facts;
  const parts = [`${open.toLocaleString('en')}${isCapped ? '+' : ''} open`];
  for (const [name, count] of Object.entries(health)) if (name !== 'live' && count > 0) parts.push(`${count} ${name}`);
  const asOf = `as of ${clockTime(facts.readAt, zone)}`;
  if (away)
    return colors.red(
      cut(`The ledger has been away for ${formatDuration(now - away.since)}; ${asOf}. ${plain(away.message)}`, width),
    );
  const isTroubled = health.wedged + health.lost > 0;
  const text = cut(`${parts.join(' · ')} · ${asOf}`, width);
  return isTroubled ? colors.red(text) : colors.bold(text);
}

function lastedOf({ status, startedAt, engineStartedAt, durationMs }: TopRow, now: number): string {
  if (status === 'pending') return '';
  if (isTerminal(status)) return durationMs === null ? '' : formatDuration(durationMs);
  return formatDuration(Math.max(0, now - Date.parse(engineStartedAt ?? startedAt)));
}

/** Why it ended so, or what is the matter with it. */
function whyOf(row: TopRow): string {
  if (row.status === 'completed') return row.verdict ?? '';
  const said = isTerminal(row.status)
    ? (row.endReason ?? row.cancelReason ?? row.errorMessage)
    : (row.reason ?? row.remedy);
  return plain(said?.split('\n', 1)[0] ?? '');
}

const PAINTS = { open: 'cyan', successful: 'green', faulty: 'red', stopped: 'yellow' } as const satisfies Record<
  Stage,
  keyof Colors
>;

const paintStatus = ({ status }: TopRow, text: string, colors: Colors) => colors[PAINTS[stageOf(status)]](text);
