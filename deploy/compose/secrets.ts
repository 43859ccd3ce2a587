/** Prints new secrets for the compose file, and the keys that are signed with them. Each run prints others: keep the first. */
import { randomBytes } from 'node:crypto';
import { SignJWT } from 'jose';

const TEN_YEARS_S = 10 * 365 * 86_400;

const secret = randomBytes(48).toString('base64url');

/** A key of a project that signs with a shared secret is a token of a database role. */
function keyFor(role: 'anon' | 'service_role'): Promise<string> {
  return new SignJWT({ role, iss: 'supabase' })
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .setIssuedAt()
    .setExpirationTime(Math.floor(Date.now() / 1_000) + TEN_YEARS_S)
    .sign(new TextEncoder().encode(secret));
}

const variables = {
  POSTGRES_PASSWORD: randomBytes(24).toString('hex'),
  JWT_SECRET: secret,
  ANON_KEY: await keyFor('anon'),
  SERVICE_ROLE_KEY: await keyFor('service_role'),
};
for (const [name, value] of Object.entries(variables)) console.log(`${name}=${value}`);
