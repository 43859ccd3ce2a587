import { stripVTControlCharacters } from 'node:util';

/** At most `width` characters, the last of them `…` where something is missing. */
export function cut(text: string, width: number): string {
  const characters = [...text];
  return characters.length <= width ? text : `${characters.slice(0, Math.max(0, width - 1)).join('')}…`;
}

/** Lines of text that somebody else wrote: no escape sequences, no control characters, no empty lines. */
export function plainLines(text: string): string[] {
  return stripVTControlCharacters(text)
    .split(/\r?\n|\r/)
    .map((line) =>
      line
        .replace(/\t/g, '  ')
        .replace(/\p{Cc}/gu, '')
        .trimEnd(),
    )
    .filter((line) => line.trim() !== '');
}
