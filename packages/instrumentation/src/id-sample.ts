/**
 * Whether this id is among the sampled: by the id alone, so that predictions and outcomes of one id are kept or left
 * together, in whatever process. FNV-1a, 32 bits.
 */
export function isSampled(id: string, ratio: number): boolean {
  if (ratio >= 1) return true;
  let hash = 0x811c9dc5;
  for (let i = 0; i < id.length; i++) hash = Math.imul(hash ^ id.charCodeAt(i), 0x01000193);
  return (hash >>> 0) / 2 ** 32 < ratio;
}
