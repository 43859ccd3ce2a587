import type { Draw } from '../../draw.ts';
import { CREATIONS } from './creations.ts';
import type { Deed } from './deed.ts';
import { MOVES_AND_REMOVALS } from './moves-and-removals.ts';
import { PROGRESS } from './progress.ts';

export const DEEDS: readonly Deed[] = [...CREATIONS, ...PROGRESS, ...MOVES_AND_REMOVALS];

const DECK = DEEDS.flatMap((deed) => Array.from({ length: Math.round(deed.weight * 10) }, () => deed));

/** One of them, each as often as its weight says. */
export const drawDeed = (draw: Draw): Deed => draw.pick(DECK);
