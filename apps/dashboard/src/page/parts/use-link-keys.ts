import { usePageKeys } from '../shell/keys.tsx';

/** `j` and `k` lead down and up the links of a table's rows; Enter opens the one that has the focus. */
export function useLinkKeys(links: string): void {
  function move(by: 1 | -1): void {
    const all = [...document.querySelectorAll<HTMLElement>(links)];
    const at = all.indexOf(document.activeElement as HTMLElement);
    const next = at === -1 ? 0 : Math.max(0, Math.min(all.length - 1, at + by));
    all[next]?.focus();
  }
  usePageKeys({ j: () => move(1), k: () => move(-1) });
}
