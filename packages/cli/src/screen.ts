import { emitKeypressEvents } from 'node:readline';
import { ExecutionError } from '@runledger/contracts';
import { cut } from '@runledger/host/text';
import type { Host } from './host.ts';

const ENTER = '\u001b[?1049h\u001b[?25l';
const LEAVE = '\u001b[?25h\u001b[?1049l';
const HOME = '\u001b[H';
const REST_OF_LINE = '\u001b[K';
const BELOW = '\u001b[J';

/** A whole terminal, beside what was on it before. */
export interface Screen {
  width: number;
  height: number;
  /** Lines from the top; what does not fit, below or to the right, is left out. */
  draw(lines: string[]): void;
  /** Names of the keys that are pressed, as Node names them; `ctrl-c` for that one. */
  onKey(take: (key: string) => void): void;
  /** The terminal has become larger or smaller. */
  onResize(draw: () => void): void;
  /** Puts everything back as it was. */
  leave(): void;
}

/** @throws ExecutionError `invalid_input` where input or output is not a terminal @param instead What does without one. */
export function openScreen({ stdin, stdout }: Pick<Host, 'stdin' | 'stdout'>, instead: string): Screen {
  if (!stdin.isTTY || !stdout.isTTY)
    throw new ExecutionError('invalid_input', `This needs a terminal, and here is none. ${instead}`);
  let take: (key: string) => void = () => {};
  let redraw = () => {};
  const listen = (_: string | undefined, key: { name?: string; sequence?: string; ctrl?: boolean }) => {
    const name = key.name ?? key.sequence ?? '';
    take(key.ctrl ? `ctrl-${name}` : name);
  };
  emitKeypressEvents(stdin);
  stdin.on('keypress', listen);
  stdin.setRawMode?.(true);
  stdin.resume();
  const resized = () => redraw();
  stdout.on('resize', resized);
  stdout.write(ENTER);
  return {
    get width() {
      return stdout.columns ?? 80;
    },
    get height() {
      return stdout.rows ?? 24;
    },
    draw(lines) {
      // A line that is too long would go on below and push the others down.
      const shown = lines.slice(0, stdout.rows ?? 24).map((line) => cut(line, stdout.columns ?? 80));
      stdout.write(`${HOME}${shown.map((line) => `${line}${REST_OF_LINE}`).join('\r\n')}${BELOW}`);
    },
    onKey(next) {
      take = next;
    },
    onResize(next) {
      redraw = next;
    },
    leave() {
      stdout.off('resize', resized);
      stdin.off('keypress', listen);
      stdin.setRawMode?.(false);
      stdin.pause();
      stdout.write(LEAVE);
    },
  };
}
