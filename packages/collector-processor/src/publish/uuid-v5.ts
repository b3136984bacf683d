import { createHash } from 'node:crypto';

const namespace = Buffer.from('6f6c6f52e3c14c0cb7d1d5a9d71f7a10', 'hex');

/** RFC 9562, version 5: the same name gives the same id. */
export function uuidV5(name: string): string {
  const hash = createHash('sha1').update(namespace).update(name).digest().subarray(0, 16);
  hash.writeUInt8((hash.readUInt8(6) & 0x0f) | 0x50, 6);
  hash.writeUInt8((hash.readUInt8(8) & 0x3f) | 0x80, 8);
  return hash.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
