/** What somebody may have to look at in a JSON text; blanks, commas and colons are passed over. */
export type JsonTokenKind = 'string' | 'number' | 'word' | 'open' | 'close';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/**
 * Visits the tokens of a JSON text, in one pass without recursion, so that no nesting overflows the stack, until a visit
 * answers `false`. Also takes what is not quite JSON (`NaN`, `1-2`): parsing says whether the text is valid.
 */
export function eachJsonToken(
  text: string,
  visit: (kind: JsonTokenKind, start: number, end: number) => boolean | undefined,
): void {
  let start = 0;
  while (start < text.length) {
    const code = text.charCodeAt(start);
    let end = start + 1;
    let kind: JsonTokenKind | null = null;
    if (code === QUOTE) {
      end = endOfString(text, start);
      kind = 'string';
    } else if (code === 0x5b || code === 0x7b) {
      kind = 'open';
    } else if (code === 0x5d || code === 0x7d) {
      kind = 'close';
    } else if (isOfWord(code)) {
      while (end < text.length && isOfWord(text.charCodeAt(end))) end += 1;
      kind = isDigit(code) || (code === 0x2d && isDigit(text.charCodeAt(start + 1))) ? 'number' : 'word';
    }
    if (kind !== null && visit(kind, start, end) === false) return;
    start = end;
  }
}

function endOfString(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at += 1) {
    at = text.indexOf('"', at);
    if (at < 0) return text.length;
    let backslashes = 0;
    while (text.charCodeAt(at - 1 - backslashes) === BACKSLASH) backslashes += 1;
    if (backslashes % 2 === 0) return at + 1;
  }
  return text.length;
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}

/** A letter, a digit, a sign or a point. */
function isOfWord(code: number): boolean {
  return (
    isDigit(code) ||
    code === 0x2b ||
    code === 0x2d ||
    code === 0x2e ||
    (code >= 0x41 && code <= 0x5a) ||
    (code >= 0x61 && code <= 0x7a)
  );
}
