import type { google } from '@temporalio/proto';

export type ProtoTimestamp = google.protobuf.ITimestamp | null | undefined;

/** ISO 8601 with microseconds, which is what Postgres keeps; `null` for an absent or zero time (year 1). */
export function toTimestamp(time: ProtoTimestamp): string | null {
  const seconds = Number(time?.seconds ?? 0);
  if (!time || seconds <= 0) return null;
  const micros = Math.floor((time.nanos ?? 0) / 1_000);
  return `${new Date(seconds * 1_000).toISOString().slice(0, 19)}.${String(micros).padStart(6, '0')}Z`;
}

/** `2s`, `1.5s`, `15m`, `2h`; `null` when there is none. */
export function toDurationText(duration: google.protobuf.IDuration | null | undefined): string | null {
  const seconds = Number(duration?.seconds ?? 0) + (duration?.nanos ?? 0) / 1e9;
  if (!(seconds > 0)) return null;
  if (seconds % 3_600 === 0) return `${seconds / 3_600}h`;
  if (seconds % 60 === 0) return `${seconds / 60}m`;
  return `${Number(seconds.toFixed(3))}s`;
}

/** Milliseconds; 0 when there is none. */
export function toMilliseconds(duration: google.protobuf.IDuration | null | undefined): number {
  return Number(duration?.seconds ?? 0) * 1_000 + Math.floor((duration?.nanos ?? 0) / 1e6);
}
