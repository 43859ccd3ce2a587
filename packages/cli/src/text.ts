import { stripVTControlCharacters } from 'node:util';
import { formatDuration } from '@runledger/contracts/format-duration';

/** What somebody else wrote, on one line: no escape sequences, no control characters. */
export function plain(text: string): string {
  return stripVTControlCharacters(text)
    .replace(/\s+/g, ' ')
    .replace(/\p{Cc}/gu, '')
    .trim();
}

/** At most `width` characters, the last of them `…` where something is missing. */
export function cut(text: string, width: number): string {
  const characters = [...text];
  return characters.length <= width ? text : `${characters.slice(0, Math.max(0, width - 1)).join('')}…`;
}

/** Lines of at most `width` characters, broken between words where that is possible. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}

/** `41 s ago`; by this machine's clock, so that another's may be a little ahead. */
export function ago(at: string, now: number = Date.now()): string {
  return `${formatDuration(now - Date.parse(at))} ago`;
}

/** `2026-11-21 09:14:03.123` in UTC; a date alone says too little about an execution. */
export function moment(at: string): string {
  return new Date(at).toISOString().replace('T', ' ').replace('Z', '');
}

/** `1 run`, `2 runs`. */
export function count(n: number, noun: string): string {
  return `${n.toLocaleString('en')} ${noun}${n === 1 ? '' : 's'}`;
}
