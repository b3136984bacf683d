/** Exponential from a second to five minutes with jitter, or longer where the other side asks for it, up to an hour. */
export function backoffMs(failures: number, random: number, askedMs = 0): number {
  const exponential = Math.min(300_000, 1_000 * 2 ** (failures - 1)) * (0.5 + random / 2);
  return Math.max(exponential, Math.min(askedMs, 3_600_000));
}
