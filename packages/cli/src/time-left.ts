import { formatDuration } from '@runledger/contracts/format-duration';

/** No guess is made before, in milliseconds. */
const TOO_EARLY_MS = 2_000;
const STEP_MS = 5_000;

/** `, about 40 s left`, by how fast it went so far; empty at the beginning and at the end. */
export function timeLeft(total: number, now: () => number = Date.now): (done: number) => string {
  const began = now();
  return (done) => {
    const spent = now() - began;
    if (spent < TOO_EARLY_MS || done <= 0 || done >= total) return '';
    const left = (spent / done) * (total - done);
    return `, about ${formatDuration(Math.ceil(left / STEP_MS) * STEP_MS)} left`;
  };
}
