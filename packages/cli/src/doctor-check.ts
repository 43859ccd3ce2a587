/** One thing that was looked at. `advice` says what to do where it is not well. */
export interface Check {
  level: 'ok' | 'warning' | 'wrong';
  about: string;
  /** Of which namespace, where there are several. */
  namespace?: string;
  says: string;
  advice?: string;
}
