import { useEffect } from 'react';

/**
 * Whoever works by keys stands somewhere: where what had the focus is taken away (a button that is done with, a row that left), the
 * focus goes to the dialog that is open, else to the page, and not to the beginning of the document.
 */
export function useFocusKept(): void {
  useEffect(() => {
    let last: Element | null = null;
    const remember = ({ target }: FocusEvent) => {
      last = target as Element;
    };
    const keep = () => {
      if (!last || last.isConnected || document.activeElement !== document.body) return;
      last = null;
      const dialog = document.querySelector<HTMLElement>('dialog[open]');
      const next = dialog?.querySelector<HTMLElement>('button:not(:disabled)') ?? document.getElementById('content');
      next?.focus({ preventScroll: true });
    };
    const changes = new MutationObserver(keep);
    document.addEventListener('focusin', remember);
    changes.observe(document.body, { childList: true, subtree: true });
    return () => {
      document.removeEventListener('focusin', remember);
      changes.disconnect();
    };
  }, []);
}
