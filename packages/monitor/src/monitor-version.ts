/**
 * Grows with every release whose monitor works differently: a worker of a newer version takes over from an older one, and
 * an older one stands by while a newer one runs.
 */
export const MONITOR_VERSION = 1;
