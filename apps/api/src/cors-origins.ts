const LOOPBACK = /^https?:\/\/(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/;

/** Which origins' pages may call: those listed (`*`: any), by default those that this machine serves. */
export function createOriginCheck(origins: readonly string[] | undefined): (origin: string) => string | null {
  return (origin) => {
    const allowed = origins ? origins.includes(origin) || origins.includes('*') : LOOPBACK.test(origin);
    return allowed ? origin : null;
  };
}
