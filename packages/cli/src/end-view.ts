import type { TerminalStatus, UnsettledExecution } from '@runledger/contracts';
import { table } from '@runledger/host/table';
import { plain } from '@runledger/host/text';
import type { Terminal } from './terminal.ts';
import { count, moment } from './words.ts';

/** One execution that is to be ended, and what became of that. */
export interface Ending {
  /** As it was named. */
  id: string;
  /**
   * `endable`: Temporal does not know it. `ended`: it is settled now. `settled`: it was before. `known`: Temporal knows it.
   * `refused`: it may still be started, or has changed meanwhile. `not_found`, `direct`: it is not an execution in Temporal.
   */
  answer: 'endable' | 'ended' | 'settled' | 'known' | 'refused' | 'not_found' | 'direct';
  row: UnsettledExecution | null;
  note: string | null;
}

const WORDS: Record<Ending['answer'], (note: string) => string> = {
  endable: (note) => note,
  ended: (note) => `ended as ${note}`,
  settled: (note) => `was settled before, as ${note}`,
  known: (note) => `Temporal knows it: ${note}`,
  refused: () => 'may still be started, or has changed meanwhile; cancel it, or try again',
  not_found: () => 'there is no such execution',
  direct: () => 'does not run in Temporal; the application reports its end',
};

type Look = Pick<Terminal, 'colors' | 'width'>;

function rows(endings: Ending[], { colors, width }: Look): string[] {
  const cells = endings.map(({ id, answer, row, note }) => [
    plain(id),
    row ? moment(row.startedAt).slice(0, 19) : '',
    plain(WORDS[answer](note ?? '')),
  ]);
  const paint = (text: string, row: number, column: number) => {
    const answer = endings[row]?.answer;
    if (column < 2) return column === 1 ? colors.dim(text) : text;
    if (answer === 'ended') return colors.green(text);
    return answer === 'endable' || answer === 'settled' ? text : colors.red(text);
  };
  return table(cells, { width, paint });
}

/** What would be ended. */
export function endingLines(endings: Ending[], status: TerminalStatus, look: Look): string[] {
  if (endings.length === 0) return [`${look.colors.green('✓')} Nothing is lost.`];
  const many = endings.filter(({ answer }) => answer === 'endable').length;
  return [`${count(many, 'execution')} would be ended as ${status}:`, ...rows(endings, look)];
}

/** What was ended, one line each. */
export function endedLines(endings: Ending[], look: Look): string[] {
  const ended = endings.filter(({ answer }) => answer === 'ended').length;
  const others = endings.length - ended;
  const mark = others === 0 ? look.colors.green('✓') : look.colors.yellow('!');
  return [
    ...rows(endings, look),
    `${mark} ${count(ended, 'execution')} ended${others > 0 ? `; ${others} stayed as they were` : ''}.`,
  ];
}
