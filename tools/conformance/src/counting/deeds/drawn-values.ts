import type { Draw } from '../../draw.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

export const ENDS = ['completed', 'completed', 'completed', 'failed', 'failed', 'cancelled', 'timed_out', 'terminated'];

/** As an id of Postgres takes it; the same for the same draws. */
export function drawUuid(draw: Draw): string {
  const hex = Array.from({ length: 8 }, () => draw.integer(0, 0xffff).toString(16).padStart(4, '0')).join('');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20)}`;
}

/** Mostly now; also earlier today, and from before hour cells are kept. */
export function drawStart(draw: Draw): string {
  const ago = draw.pick([
    () => draw.integer(0, 1_000),
    () => draw.integer(0, 5 * MINUTE),
    () => draw.integer(0, 30 * HOUR),
    () => draw.integer(0, 4) * DAY,
    () => draw.integer(30 * DAY, 40 * DAY),
  ]);
  return new Date(Date.now() - ago()).toISOString();
}

/** From nothing to days, each order of magnitude alike. */
export function drawMs(draw: Draw): number {
  const most = draw.pick([0, 1, 10, 100, 10_000, 1_000_000, 400_000_000]);
  return draw.integer(0, most);
}

export const drawVerdict = (draw: Draw): string | null => draw.pick(['good', 'bad', 'odd', null, null]);

const FAILURES = ['CardDeclined', 'OutOfStock', 'Timeout'].map((type) => ({ type, message: `${type} at 17` }));

/** What an execution says that ended like this. */
export const drawFailure = (draw: Draw, status: string): object =>
  status === 'completed'
    ? {}
    : { errorMessage: `ended as ${status} after ${draw.integer(1, 3)} tries`, failure: draw.pick([null, ...FAILURES]) };
