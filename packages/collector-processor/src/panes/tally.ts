import type { Refusals } from '../receive/unit.ts';

/** What became of some points: merged + duplicate + refused = all of them. */
export interface Tally {
  readonly merged: number;
  readonly duplicate: number;
  readonly refused: Refusals;
}

export function addTallies(tallies: readonly Tally[]): Tally {
  let merged = 0;
  let duplicate = 0;
  const refused = new Map<string, number>();
  for (const tally of tallies) {
    merged += tally.merged;
    duplicate += tally.duplicate;
    for (const [reason, points] of Object.entries(tally.refused)) {
      refused.set(reason, (refused.get(reason) ?? 0) + points);
    }
  }
  return { merged, duplicate, refused: Object.fromEntries(refused) };
}
