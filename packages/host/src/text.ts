import { stripVTControlCharacters } from 'node:util';
import cliTruncate from 'cli-truncate';
import wrapAnsi from 'wrap-ansi';

/** They turn the rest of a line around, also what we write behind them. A terminal isolates nothing. */
const DIRECTIONS = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** What somebody else wrote, on one line: no escape sequences, no control characters, nothing that turns the line around. */
export function plain(text: string): string {
  return stripVTControlCharacters(text)
    .replace(/\s+/g, ' ')
    .replace(/\p{Cc}/gu, '')
    .replace(DIRECTIONS, '')
    .trim();
}

/** The same in lines, without the empty ones. */
export function plainLines(text: string): string[] {
  return stripVTControlCharacters(text)
    .split(/\r?\n|\r/)
    .map((line) =>
      line
        .replace(/\t/g, '  ')
        .replace(/\p{Cc}/gu, '')
        .replace(DIRECTIONS, '')
        .trimEnd(),
    )
    .filter((line) => line.trim() !== '');
}

/** At most `width` columns of a terminal, the last of them `…` where something is missing. */
export const cut = (text: string, width: number): string => cliTruncate(text, Math.max(1, width));

/** Lines of at most `width` columns of a terminal, broken between words where that is possible. */
export const wrap = (text: string, width: number): string[] => wrapAnsi(text, Math.max(1, width)).split('\n');
