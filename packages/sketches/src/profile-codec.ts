import { decodeValue, encodeValue } from './compact-value.ts';
import { parseReferenceProfile } from './parse-reference-profile.ts';
import type { ReferenceProfile } from './reference-profile.ts';

/** A profile in a fraction of its JSON's bytes. */
export function encodeProfile(profile: ReferenceProfile): Uint8Array {
  return encodeValue(profile);
}

/** Throws a CompactFormatError for other bytes, a ProfileError for a profile that cannot be used. */
export function decodeProfile(bytes: Uint8Array): ReferenceProfile {
  return parseReferenceProfile(decodeValue(bytes));
}
