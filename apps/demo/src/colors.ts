import { stdout } from 'node:process';
import pc from 'picocolors';

/** Colours on a terminal that has some and nobody has said NO_COLOR; otherwise plain text. */
export const colors = pc.createColors(Boolean(stdout.isTTY && stdout.hasColors()));
