/**
 * How old the keys may be that a token was verified with, in milliseconds: a key that was withdrawn ends access within ten
 * minutes, and writing within one. Reads go on for ten minutes while the issuer cannot be reached.
 */
export const KEYS_BELIEVED_MS = { read: 600_000, write: 60_000 } as const;

/** How long it stands who a token is and that its account is still good, in milliseconds; then the database is asked again. */
export const USER_BELIEVED_MS = 60_000;
