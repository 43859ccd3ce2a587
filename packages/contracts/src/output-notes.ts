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
  'too_large',
  'too_deep',
  'refused',
  'pruned',
] as const;
export type OutputNote = (typeof OUTPUT_NOTES)[number];
