import { useSyncExternalStore } from 'react';

/** A choice that this browser, or this tab, keeps, and tells whatever shows it. @param usual What it is until somebody chooses. */
export function createKept(name: string, usual: string, storage: Storage = localStorage) {
  const listeners = new Set<() => void>();
  let value = storage.getItem(name) ?? usual;
  const subscribe = (listener: () => void) => {
    listeners.add(listener);
    return () => void listeners.delete(listener);
  };
  return {
    put(next: string): void {
      value = next;
      storage.setItem(name, next);
      for (const listener of listeners) listener();
    },
    use: (): string => useSyncExternalStore(subscribe, () => value),
  };
}
