import { createHash, timingSafeEqual } from 'node:crypto';
import { inspect } from 'node:util';

/** Anything that keeps its text to itself until asked; prints as `***`. */
export interface Secret {
  reveal(): string;
  toString(): string;
}

/** `secret(process.env.HEALTH_TOKEN ?? '')`: may be logged along with the settings around it. */
export function secret(text: string): Secret {
  return Object.freeze({
    reveal: () => text,
    toString: () => '***',
    toJSON: () => '***',
    [inspect.custom]: () => '***',
  });
}

/** From an Authorization header to whether it has one of the tokens. */
export function bearerTokens(tokens: readonly Secret[]): (authorization: string | undefined) => boolean {
  const known = tokens.map((token) => digest(token.reveal()));
  return (authorization) => {
    const token = authorization?.match(/^Bearer +(\S+)$/i)?.[1];
    if (token === undefined) return false;
    const given = digest(token);
    // All are compared, each in constant time, so that the time taken says nothing.
    return known.filter((one) => timingSafeEqual(one, given)).length > 0;
  };
}

const digest = (token: string): Buffer => createHash('sha256').update(token).digest();
