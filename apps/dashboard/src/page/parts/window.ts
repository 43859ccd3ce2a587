import { windowOf } from '@runledger/contracts/filter-window';
import { useMemo } from 'react';
import { useSearchParams } from 'wouter';

const MINUTE_MS = 60_000;

export interface Window {
  from: string;
  to: string;
}

/** As the address says it. */
interface WindowText {
  from: string;
  to: string | null;
}

/** The window that the address names; relative ones slide with whole minutes, so that the question stays the same meanwhile. */
export function useWindow(usual: string): Window & { text: WindowText } {
  const [search] = useSearchParams();
  const { from, to } = textOf(search, usual);
  const minute = minuteNow();
  return useMemo(() => windowAt({ from, to }, usual, minute), [from, to, usual, minute]);
}

/** The same before anything is drawn. @param search Of the address. */
export const windowIn = (search: string, usual: string): Window =>
  windowAt(textOf(new URLSearchParams(search), usual), usual, minuteNow());

const minuteNow = () => Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS;

const textOf = (search: URLSearchParams, usual: string): WindowText => ({
  from: search.get('from') ?? usual,
  to: search.get('to'),
});

function windowAt({ from, to }: WindowText, usual: string, minute: number): Window & { text: WindowText } {
  const now = minute + MINUTE_MS;
  const read = readWindow(from, to, now);
  if (read) return { ...read, text: { from, to } };
  // An address that was mistyped shows what is usual.
  return { ...(readWindow(usual, null, now) as Window), text: { from: usual, to: null } };
}

/** `null` where one of them is not an instant. */
function readWindow(from: string, to: string | null, now: number): Window | null {
  const read = windowOf({ from, ...(to ? { to } : {}) }, now);
  const begin = Date.parse(read.from ?? '');
  const end = read.to === undefined ? now : Date.parse(read.to);
  if (Number.isNaN(begin) || Number.isNaN(end) || end <= begin) return null;
  return { from: new Date(begin).toISOString(), to: new Date(end).toISOString() };
}

const HOUR_MS = 3_600_000;
const MOST_5MIN_HOURS = 3;
const MOST_HOURS = 96;

/** A step that makes a few dozen bars of a window. */
export function stepOf({ from, to }: Window): '5min' | 'hour' | 'day' {
  const hours = (Date.parse(to) - Date.parse(from)) / HOUR_MS;
  return hours <= MOST_5MIN_HOURS ? '5min' : hours <= MOST_HOURS ? 'hour' : 'day';
}

/** An address with parts of a query; those without a value are left out. */
export function hrefOf(path: string, parts: Record<string, string | null | undefined>): string {
  const given = Object.entries(parts).filter((part): part is [string, string] => Boolean(part[1]));
  const query = new URLSearchParams(given).toString();
  return query ? `${path}?${query}` : path;
}
