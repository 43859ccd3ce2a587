import { useSyncExternalStore } from 'react';

/** A choice that this browser keeps, and tells whatever shows it. @param usual What it is until somebody chooses. */
export function createKept(name: string, usual: string) {
  const listeners = new Set<() => void>();
  let value = localStorage.getItem(name) ?? usual;
  const subscribe = (listener: () => void) => {
    listeners.add(listener);
    return () => void listeners.delete(listener);
  };
  return {
    put(next: string): void {
      value = next;
      localStorage.setItem(name, next);
      for (const listener of listeners) listener();
    },
    use: (): string => useSyncExternalStore(subscribe, () => value),
  };
}
