/**
 * What `outputNote` may say; `docs/payloads.md` explains each. A note may have a detail after a colon
 * (`undecodable: binary/encrypted`), and several are separated by a comma and a space.
 */
export const OUTPUT_NOTES = [
  'characters_replaced',
  'numbers_as_text',
  'numbers_beyond_double',
  'several_payloads',
  'not_json',
  'undecodable',
  'codec_unavailable',
  'too_large',
  'too_deep',
  'refused',
  'pruned',
] as const;
export type OutputNote = (typeof OUTPUT_NOTES)[number];

/** Whether a note says that a payload is encrypted, or needs a converter that was not there; the detail is its encoding. */
export function isUndecoded(note: string | null): boolean {
  return note !== null && /(^|, )undecodable(:|,|$)/.test(note);
}
