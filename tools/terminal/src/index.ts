/** A real terminal for tests: a pseudo-terminal, and what is on its screen. */
export { type OpenTerminal, openTerminal, type TerminalOptions } from './open-terminal.ts';
