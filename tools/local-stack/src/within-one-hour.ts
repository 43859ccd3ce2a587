import { setTimeout as delay } from 'node:timers/promises';

const HOUR_MS = 3_600_000;

/** Waits past the turn of the hour (and with it of the day and the month, by UTC) when less than `seconds` are left
 * until it: a quota begins anew there, and what a test counted before it is free again. */
export async function withinOneHour(seconds = 20): Promise<void> {
  const leftMs = HOUR_MS - (Date.now() % HOUR_MS);
  if (leftMs < seconds * 1_000) await delay(leftMs + 10);
}
