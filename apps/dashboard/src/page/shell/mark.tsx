/** Lines of a ledger, the last one checked. */
export const Mark = () => (
  <svg viewBox="0 0 18 18" width="18" height="18" fill="none" strokeWidth="2" strokeLinecap="round" aria-hidden="true">
    <path d="M2 4h14M2 9h9M2 14h5" stroke="currentColor" />
    <path d="m9.500 13.500 2.200 2.200 4.300-5" className="mark-check" />
  </svg>
);
