/** Longest text of an answer that may quote a caller's own input, in characters. */
const LONGEST = 2_000;

/**
 * What shows as nothing, as something else or in another order: control characters, marks of direction, characters of no
 * width, halves of surrogate pairs. New lines stay.
 */
const HIDDEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/** Text for an answer: whatever of a caller's own input is in it is cut, and written so that it reads as what it is. */
export function publicText(text: string, longest = LONGEST): string {
  const cut = text.length > longest ? `${text.slice(0, longest)}…` : text;
  return cut.replace(HIDDEN, (character) =>
    character === '\n' ? character : `\\u{${(character.codePointAt(0) as number).toString(16)}}`,
  );
}
