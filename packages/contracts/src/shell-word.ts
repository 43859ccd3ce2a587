/** What a POSIX shell takes as it is written. */
const PLAIN = /^[\w@%+:,./-]+$/;

/** Pure: a text as one word of a command line, quoted where a shell would read more into it: who chose a workflow's id is not known. */
export const shellWord = (text: string): string =>
  PLAIN.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
