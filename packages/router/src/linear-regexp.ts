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
