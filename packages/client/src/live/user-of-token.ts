/** Whose token it is, unverified: it only keeps users of one browser apart. `null`: nobody's, or of another form. */
export function userOfToken(token: string | null): string | null {
  try {
    const [, payload = ''] = (token ?? '').split('.');
    const claims = JSON.parse(atob(payload.replaceAll('-', '+').replaceAll('_', '/'))) as {
      sub?: unknown;
      iss?: unknown;
    };
    return typeof claims.sub === 'string' ? JSON.stringify([claims.iss ?? null, claims.sub]) : null;
  } catch {
    return null;
  }
}

/**
 * The same, and tells when the token is another user's than the one before, before anything is asked with it. Nobody's token says
 * nothing: whoever comes back may be the same.
 */
export function noticingUsers(
  getToken: () => Promise<string | null> | string | null,
  changed: () => void,
): () => Promise<string | null> {
  let known: string | null = null;
  return async () => {
    const token = await getToken();
    const user = userOfToken(token);
    if (user === null) return token;
    const isAnother = known !== null && known !== user;
    known = user;
    if (isAnother) changed();
    return token;
  };
}
