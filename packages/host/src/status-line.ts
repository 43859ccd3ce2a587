import { cut } from './text.ts';

const CLEAR = '\r\u001b[K';

/** A line that stays below whatever is printed. */
export interface StatusLine {
  /** Whether there is one: on a terminal that can draw, and not in a CI. Elsewhere nothing is written but what is printed. */
  isThere: boolean;
  /** What it says from now on. */
  show(text: string): void;
  /** Prints whole lines above it. */
  above(print: () => void): void;
  /** Takes it away for good. */
  end(): void;
}

type Output = Pick<NodeJS.WritableStream, 'write'> & { isTTY?: boolean; columns?: number };

/** @param env Of the process: `CI`, and `TERM`, which is `dumb` where nothing can be drawn over. */
export function createStatusLine(
  out: Output,
  { CI, TERM }: { CI?: string | undefined; TERM?: string | undefined },
): StatusLine {
  const isThere = out.isTTY === true && !CI && TERM !== 'dumb';
  let shown = '';
  const draw = () => void out.write(`${CLEAR}${cut(shown, (out.columns ?? 80) - 1)}`);
  return {
    isThere,
    show(text) {
      if (!isThere || text === shown) return;
      shown = text;
      draw();
    },
    above(print) {
      if (shown) out.write(CLEAR);
      print();
      if (shown) draw();
    },
    end() {
      if (shown) out.write(CLEAR);
      shown = '';
    },
  };
}
