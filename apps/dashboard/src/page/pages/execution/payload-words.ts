import type { OutputNote } from '@runledger/contracts';

const NOTES: Record<OutputNote, string> = {
  characters_replaced: 'Characters that Postgres cannot store were replaced.',
  numbers_as_text: 'Numbers that are too exact for JSON are shown as text.',
  numbers_beyond_double: 'Some numbers are more exact than a browser shows.',
  several_payloads: 'There were several results; they are shown as a list.',
  not_json: 'It is not JSON, so the ledger keeps none of it.',
  undecodable: 'It cannot be read here',
  codec_unavailable: 'The codec did not decode it',
  too_large: 'It is too large for the ledger; Temporal has it until its retention ends.',
  too_deep: 'It is nested too deeply for the ledger.',
  refused: 'The database refused to store it.',
  pruned: 'It was pruned; the outcome stays.',
};

/** `undecodable: binary/encrypted` as a sentence. */
export function noteWords(note: string): string {
  return note
    .split(', ')
    .map((one) => {
      const [name = '', detail] = one.split(': ');
      if (detail?.includes('encrypted')) return 'It is encrypted.';
      const words = NOTES[name as OutputNote] ?? one;
      return detail ? `${words.replace(/\.$/, '')}: ${detail}.` : words;
    })
    .join(' ');
}

const UNITS = ['B', 'KB', 'MB'];

/** In two digits. */
export function sizeOf(count: number): string {
  // Rounded first: 999 B are 1 KB, not 1,000 B.
  const rounded = Number(count.toPrecision(2));
  const power = Math.min(UNITS.length - 1, Math.floor(Math.log10(Math.max(1, rounded)) / 3));
  return `${rounded / 1_000 ** power} ${UNITS[power]}`;
}
