import { RE2JS } from 're2js';

/** A pattern that runs in time linear in the text, whatever the pattern. */
export interface LinearRegExp {
  test(text: string): boolean;
  /** Instructions it compiled to: what compiling and running it cost. */
  size: number;
}

/**
 * Instructions × characters that one test may take. The slowest pattern found took 46 ns for each of them (a search
 * whose states never repeat: `[01]*1[01]{500}$`), the usual one below 1 ns.
 */
const LONGEST_TEST = 10_000_000;

/**
 * About how many instructions a pattern compiles to: its atoms, with counted repeats written out. Linear in the text, so that a
 * pattern that is too large is not compiled: `(ab|cd){1000}` a hundred times takes 0.8 s.
 */
export function writtenOut(pattern: string): number {
  const open = [0];
  let last = 0;
  const add = (size: number) => {
    open[open.length - 1] = (open.at(-1) as number) + size;
  };
  for (const [token, least, most] of pattern.matchAll(TOKENS)) {
    if (token === '(') open.push(0);
    else if (token === ')' && open.length > 1) {
      last = open.pop() as number;
      add(last);
    } else if (least !== undefined) {
      const times = Math.max(Number(least), Number(most ?? 0), 1);
      add(last * (times - 1));
      last *= times;
    } else {
      last = 1;
      add(1);
    }
  }
  return open.reduce((sum, size) => sum + size, 0);
}

/** An escape, a class, a counted repeat, or any other character. */
const TOKENS = /\\.|\[(?:\\.|[^\]\\])*\]|\{(\d+)(?:,(\d*))?\}|[\s\S]/g;

/** The text is too long to be tested against this pattern. */
export class TextTooLong extends Error {}

/**
 * Compiles a pattern of a JSON Schema (ECMA-262 syntax) for RE2, which matches in linear time and therefore knows no
 * lookaround and no back-references (https://github.com/google/re2/wiki/Syntax). Counted repeats go up to 1,000.
 * @throws Error that says what RE2 cannot run.
 */
export function compileLinear(pattern: string): LinearRegExp {
  const compiled = RE2JS.compile(RE2JS.translateRegExp(pattern));
  const size = compiled.programSize();
  const longest = Math.floor(LONGEST_TEST / size);
  return {
    size,
    test(text) {
      if (text.length > longest)
        throw new TextTooLong(
          `a text of ${text.length} characters is too long for the pattern ${pattern} (at most ${longest}); add a maxLength`,
        );
      return compiled.test(text);
    },
  };
}
