/** A part of a JSON text that somebody has to look at; blanks, commas and colons are passed over. */
export interface JsonToken {
  kind: 'string' | 'number' | 'word' | 'open' | 'close';
  start: number;
  /** The first character after it. */
  end: number;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/**
 * Splits a JSON text into tokens, in one pass without recursion, so that no nesting overflows the stack. Also takes what
 * is not quite JSON (`NaN`, `1-2`): parsing says whether the text is valid.
 */
export function* jsonTokens(text: string): Generator<JsonToken> {
  let start = 0;
  while (start < text.length) {
    const code = text.charCodeAt(start);
    let end = start + 1;
    if (code === QUOTE) {
      end = endOfString(text, start);
      yield { kind: 'string', start, end };
    } else if (code === 0x5b || code === 0x7b) {
      yield { kind: 'open', start, end };
    } else if (code === 0x5d || code === 0x7d) {
      yield { kind: 'close', start, end };
    } else if (isOfWord(code)) {
      while (end < text.length && isOfWord(text.charCodeAt(end))) end += 1;
      const isNumber = isDigit(code) || (code === 0x2d && isDigit(text.charCodeAt(start + 1)));
      yield { kind: isNumber ? 'number' : 'word', start, end };
    }
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
