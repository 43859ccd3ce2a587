/** One thing that was looked at. `advice` says what to do where it is not well. */
export interface Check {
  level: 'ok' | 'warning' | 'wrong';
  about: string;
  says: string;
  advice?: string;
}
