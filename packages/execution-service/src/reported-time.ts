import { z } from 'zod';

/** What clocks may differ by, in milliseconds; as in runledger_private.check_reported_time. */
const SKEW_MS = 300_000;
const EARLIEST_MS = Date.UTC(2000, 0, 1);

const fault = (at: string | Date): string | null => {
  const ms = new Date(at).getTime();
  if (ms > Date.now() + SKEW_MS) return 'lies ahead';
  if (ms < EARLIEST_MS) return 'lies before 2000: pass milliseconds since 1970, not seconds';
  return null;
};

/** A time that somebody reports. Whether an end lies before its start, the database says. */
export const ReportedTime = z.union([z.iso.datetime({ offset: true }), z.date()]).superRefine((at, context) => {
  const message = fault(at);
  if (message) context.addIssue({ code: 'custom', message });
});
