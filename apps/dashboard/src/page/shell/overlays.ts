import { useSyncExternalStore } from 'react';

/** What lies above the page: one at a time, and opened from anywhere. */
export type Overlay = 'palette' | 'keys' | null;

let overlay: Overlay = null;
let isRailOpen = false;
const listeners = new Set<() => void>();

const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => void listeners.delete(listener);
};
function tell(): void {
  for (const listener of listeners) listener();
}

export function show(next: Overlay): void {
  overlay = next;
  tell();
}
export const openPalette = (): void => show('palette');

/** On a narrow screen the rail lies above the page. */
export function toggleRail(): void {
  isRailOpen = !isRailOpen;
  tell();
}
export function closeRail(): void {
  if (isRailOpen) toggleRail();
}

/** Also while it is still being loaded: what is typed is meant for it. */
export const isOverlaid = (): boolean => overlay !== null;

export const useOverlay = (): Overlay => useSyncExternalStore(subscribe, () => overlay);
export const useRailOpen = (): boolean => useSyncExternalStore(subscribe, () => isRailOpen);
