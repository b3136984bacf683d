import type { ComparedFeature } from '../drift/decision/feature-counts.ts';

interface Buckets {
  readonly edges: readonly number[];
  readonly reference: readonly number[];
  readonly current: readonly number[];
  readonly distinct?: number;
}

/** For known answers: a number, in buckets; the reference reaches from its first edge to its last. */
export function onEdges({ edges, reference, current, distinct }: Buckets): ComparedFeature {
  return {
    kind: 'numeric',
    reference: {
      kind: 'numeric',
      edges,
      counts: reference,
      bins: { 5: [], 10: [], 20: [] },
      quantileEdges: [],
      tails: { lower: 0, upper: edges.length - 1 },
      mean: 0,
      sd: 1,
      min: edges[0] ?? 0,
      max: edges.at(-1) ?? 0,
      missing: 0,
      ...(distinct !== undefined && { distinct }),
    },
    buckets: reference.map((count, i) => ({ reference: count, current: current[i] ?? 0 })),
    missing: { reference: 0, current: 0 },
  };
}

/** For known answers: rows of the reference by category. */
export function ofCategories(categories: Readonly<Record<string, number>>): ComparedFeature {
  const counts = new Map(Object.entries(categories).map(([name, reference]) => [name, { reference, current: 0 }]));
  return {
    kind: 'categorical',
    reference: { kind: 'categorical', categories, missing: 0 },
    categories: counts,
    missing: { reference: 0, current: 0 },
  };
}
