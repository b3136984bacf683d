import { createHash, timingSafeEqual } from 'node:crypto';
import type { Secret } from '../settings/secret.ts';

/** From the Authorization header to the tenant; undefined when nobody may come in with it. */
export type Authenticate = (authorization: string | undefined) => { readonly tenant: string } | undefined;

/** Everybody is the one tenant. */
export const anyone: Authenticate = () => ({ tenant: '' });

/** One of some tokens, each a tenant's. */
export function bearerTokens(tokens: readonly { readonly bearer: Secret; readonly tenant?: string }[]): Authenticate {
  const known = tokens.map(({ bearer, tenant = '' }) => ({ digest: digest(bearer.reveal()), tenant }));
  return (authorization) => {
    const token = authorization?.match(/^Bearer +(\S+)$/i)?.[1];
    if (token === undefined) return undefined;
    const given = digest(token);
    // All are compared, each in constant time, so that the time taken says nothing.
    return known.filter((candidate) => timingSafeEqual(candidate.digest, given))[0];
  };
}

const digest = (token: string): Buffer => createHash('sha256').update(token).digest();
