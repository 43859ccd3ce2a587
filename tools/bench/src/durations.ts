/** How long executions take, in milliseconds, drawn with a random number source. */
export type Draw = (random: () => number) => number;

/** All have the same mean, a minute, so that as many start in a second. */
export const MEAN_MS = 60_000;

/** How widely a log-normal duration varies: its 95th percentile is 12 times its median. */
const SIGMA = 1.5;
/** Most executions are quick, the others take so much longer that they are most of what is open. */
const QUICK = { share: 0.8, ms: 10_000 };

export const DURATIONS = {
  uniform: (random) => 2 * MEAN_MS * random(),
  'log-normal': (random) => Math.exp(Math.log(MEAN_MS) - SIGMA ** 2 / 2 + SIGMA * normal(random)),
  bimodal(random) {
    const slowMs = (MEAN_MS - QUICK.share * QUICK.ms) / (1 - QUICK.share);
    const center = random() < QUICK.share ? QUICK.ms : slowMs;
    return center * (1 + 0.2 * Math.max(-3, Math.min(3, normal(random))));
  },
} satisfies Record<string, Draw>;

/** A standard normal variable by the method of Box and Muller. */
function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
