/**
 * Thrown where a stream is over but not at its end: tRPC breaks off what throws an AbortError without a word, and its client comes
 * back after the last event.
 */
export const COME_BACK = new DOMException('The stream has been open for long enough; come back.', 'AbortError');
