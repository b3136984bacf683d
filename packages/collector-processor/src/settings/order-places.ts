import { otherCategory, unseenCategory } from '@driftline/sketches';

/** The first category of an order that can have no place in it, and what is wrong with it. */
export function misplacedIn(
  order: readonly string[],
): { readonly place: number; readonly complaint: string } | undefined {
  for (const [place, category] of order.entries()) {
    if (category === '') return { place, complaint: 'has no name' };
    if (order.indexOf(category) < place) return { place, complaint: 'has a place in the order already' };
    if (category === otherCategory || category === unseenCategory) {
      return { place, complaint: 'is what Driftline counts other categories under' };
    }
  }
  return undefined;
}
