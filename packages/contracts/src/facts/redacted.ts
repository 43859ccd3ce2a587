/** What stands in an answer in place of a value that its workflow redacts. */
export const REDACTED = '[redacted]';
