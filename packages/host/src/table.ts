import { stripVTControlCharacters } from 'node:util';
import stringWidth from 'string-width';
import { cut, plain, wrap } from './text.ts';

export interface TableOptions {
  /** Columns of the terminal that a line may take; the last cell is cut to fit. */
  width: number;
  /** Columns that hold numbers, aligned to the right; the first is 0. */
  numbers?: number[];
  indent?: number;
  /** Colours a cell after it has been cut and padded. */
  paint?: (text: string, row: number, column: number) => string;
}

/** Rows as aligned lines. What somebody else wrote is made plain. */
export function table(
  rows: string[][],
  { width, numbers = [], indent = 2, paint = (text) => text }: TableOptions,
): string[] {
  const cells = rows.map((row) => row.map(plain));
  const columns = Math.max(0, ...cells.map((row) => row.length));
  const widths = Array.from({ length: columns }, (_, at) =>
    Math.max(0, ...cells.map((row) => stringWidth(row[at] ?? ''))),
  );
  const before = widths.slice(0, -1).reduce((sum, column) => sum + column + 2, indent);
  return cells.map((row, index) => {
    const line = row.map((cell, at) => {
      const isLast = at === columns - 1;
      const room = isLast ? Math.max(8, width - before) : (widths[at] ?? 0);
      const fitted = cut(cell, room);
      const padding = ' '.repeat(Math.max(0, (widths[at] ?? 0) - stringWidth(fitted)));
      const padded = numbers.includes(at) ? padding + fitted : isLast ? fitted : fitted + padding;
      return paint(padded, index, at);
    });
    const text = ' '.repeat(indent) + line.join('  ');
    return stripVTControlCharacters(text).trimEnd() === stripVTControlCharacters(text) ? text : text.trimEnd();
  });
}

/** Puts a note behind each line where it fits, else under it. An empty note leaves the line as it is. */
export function noted(lines: string[], notes: string[], width: number): string[] {
  return lines.flatMap((line, at) => {
    const note = plain(notes[at] ?? '');
    if (note === '') return [line];
    const fits = stringWidth(line) + 2 + stringWidth(note) <= width;
    return fits ? [`${line}  ${note}`] : [line, ...wrap(note, width - 6).map((part) => `      ${part}`)];
  });
}
