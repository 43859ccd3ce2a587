import { stripVTControlCharacters } from 'node:util';

const LINES = 15;

/** A line of pino's JSON as a sentence: the message, its error's, and what else it carries. Other lines stay. */
function readable(line: string): string {
  if (!line.startsWith('{')) return line;
  try {
    const { msg, err, time, level, pid: _, hostname: __, name: ___, ...rest } = JSON.parse(line);
    if (typeof msg !== 'string') return line;
    const when = typeof time === 'number' ? `${new Date(time).toTimeString().slice(0, 8)} ` : '';
    const fields = Object.entries(rest).map(([key, value]) => `${key}=${JSON.stringify(value)}`);
    return [`${when}${level >= 50 ? 'error: ' : ''}${msg}`, err?.message, fields.join(' ')].filter(Boolean).join(' · ');
  } catch {
    return line; // cut off, or not JSON after all
  }
}

/** The last lines of a part's log, for people. */
export function logTail(log: string): string {
  const lines = stripVTControlCharacters(log)
    .split('\n')
    .map((line) => line.trimEnd())
    .filter((line) => line !== '');
  if (lines.length === 0) return 'It wrote nothing.';
  const shown = lines.slice(-LINES).map((line) => `  ${readable(line)}`);
  return `The end of its log:\n${shown.join('\n')}`;
}
