import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { environmentVariable } from './environment.ts';
import { faults } from './faults.ts';

/** A key that prints as `***` wherever it ends up. */
export class HashKey {
  readonly #keyed: ReturnType<typeof hmac.create>;

  constructor(secret: string) {
    this.#keyed = hmac.create(sha256, utf8ToBytes(secret));
  }

  /** HMAC-SHA-256 as 64 hex digits. */
  hash(text: string): string {
    return bytesToHex(this.#keyed.clone().update(utf8ToBytes(text)).digest());
  }

  toString(): string {
    return '***';
  }

  toJSON(): string {
    return '***';
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return '***';
  }
}

/** Whoever guesses a shorter one can try all values against it. */
const FEWEST_CHARACTERS = 16;

/**
 * For `privacy: { hash, key }`. From `DRIFTLINE_HASH_KEY` unless given. Undefined where it is missing or too short: what
 * should have been hashed then stays in the process, and a line says so.
 */
export function hashKey(secret: string | undefined = environmentVariable('DRIFTLINE_HASH_KEY')): HashKey | undefined {
  if (secret !== undefined && secret.length >= FEWEST_CHARACTERS) return new HashKey(secret);
  const problem = secret === undefined ? 'is not set' : `has fewer than ${FEWEST_CHARACTERS} characters`;
  faults.count({
    stage: 'settings',
    topic: 'hash-key',
    message: `the key to hash values with ${problem}, so they are left out. Set DRIFTLINE_HASH_KEY, or give one to hashKey().`,
  });
  return undefined;
}
