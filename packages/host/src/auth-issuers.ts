import type { FetchImplementation } from 'jose';
import { z } from 'zod';
import type { KeySet, KeySetOptions } from './key-set.ts';
import { createKeySet } from './key-set.ts';

const LOOPBACK = ['127.0.0.1', '[::1]', 'localhost'];

/** Whoever can change keys on their way can sign tokens, so that http is for this machine only. */
function isSecure(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, hostname } = new URL(url);
  return protocol === 'https:' || (protocol === 'http:' && LOOPBACK.includes(hostname));
}
const SecureUrl = z.string().refine(isSecure, 'must be an https URL (http only on this machine)');

/** A third party (Auth0, Clerk, Firebase, …) whose tokens are accepted beside those of the project. */
export const AuthIssuer = z.strictObject({
  /** Exactly as the tokens' `iss` has it, the slash at the end included. */
  issuer: SecureUrl,
  /** Of its JSON Web Key Set. Default: `jwks_uri` of `<issuer>/.well-known/openid-configuration`. */
  jwksUrl: SecureUrl.optional(),
  /** What a token's `aud` must name, or one of these. Default: any, which is right only for an issuer that serves nobody else. */
  audience: z.union([z.string().min(1), z.array(z.string().min(1)).min(1)]).optional(),
  /** The claim in which PostgREST finds the database role; hosted Supabase reads `role`. */
  roleClaim: z.string().min(1).default('role'),
});
export type AuthIssuer = z.output<typeof AuthIssuer>;

export const AuthIssuers = z.array(AuthIssuer).superRefine((issuers, context) => {
  for (const [index, { issuer }] of issuers.entries())
    if (issuers.findIndex((other) => other.issuer === issuer) < index)
      context.addIssue({ code: 'custom', path: [index, 'issuer'], message: `${issuer} is listed twice` });
});

const Discovery = z.object({ issuer: z.string(), jwks_uri: z.url() });

/** An issuer's public keys. Where they are is looked up anew with each fetch, so that an issuer may move them. */
export function issuerKeys({ issuer, jwksUrl }: AuthIssuer, options: Pick<KeySetOptions, 'now'> = {}): KeySet {
  if (jwksUrl !== undefined) return createKeySet(new URL(jwksUrl), options);
  const discovery = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
  const fetchDiscovered: FetchImplementation = async (url, options) => {
    const response = await fetch(url, options);
    if (response.status !== 200) throw new Error(`${url} answers ${response.status}`);
    const found = Discovery.parse(await response.json());
    // OpenID Connect Discovery 1.0, section 4.3: else one issuer could stand in for another.
    if (found.issuer !== issuer) throw new Error(`${url} is about ${found.issuer}, not ${issuer}`);
    const keySet = new URL(found.jwks_uri);
    // No issuer sends the API to http services inside its network.
    if (keySet.protocol !== 'https:' && keySet.origin !== new URL(issuer).origin)
      throw new Error(`${url} names a key set that is not at an https URL`);
    return fetch(keySet.href, options);
  };
  return createKeySet(new URL(discovery), { ...options, fetch: fetchDiscovered });
}
