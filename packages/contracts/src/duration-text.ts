import { z } from 'zod';

const UNIT_MS = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** The milliseconds of `15m`; `null` for any other text. */
export function durationMs(text: string): number | null {
  const [, amount, unit] = /^(\d{1,15})(ms|s|m|h|d)$/.exec(text) ?? [];
  return amount === undefined ? null : Number(amount) * UNIT_MS[unit as keyof typeof UNIT_MS];
}

/** A duration from one to another, both included. @param least As text, like `100ms`; the unit in which people read it. */
export function durationText(least: string, most: string) {
  const [from, to] = [durationMs(least) as number, durationMs(most) as number];
  return z
    .string()
    .max(20)
    .regex(/^\d{1,15}(ms|s|m|h|d)$/, 'a duration like 30s, 15m, 2h or 7d')
    .refine((text) => {
      const ms = durationMs(text);
      // Other texts are refused above.
      return ms === null || (ms >= from && ms <= to);
    }, `must be from ${least} to ${most}`);
}
