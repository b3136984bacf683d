import type { NumericReference, ReferenceProfile, SegmentReference } from '@driftline/sketches';

/** What is known of a model's features before any traffic, and holds for whatever reference traffic makes. */
export interface KnownShapes {
  /** Bins were fixed when a profile was built, and serve every count on the same edges. */
  readonly onEdges: (edges: readonly number[]) => NumericReference | undefined;
  /** Categories from the lowest to the highest; undefined for a feature that is not ordinal. */
  readonly order: (name: string) => readonly string[] | undefined;
}

/** By feature or output, as settings say. */
type DeclaredOrders = Readonly<Record<string, { readonly order?: readonly string[] }>>;

export const nothingKnown: KnownShapes = { onEdges: () => undefined, order: () => undefined };

/** The first profile is the current one. */
export function knownShapes(profiles: readonly ReferenceProfile[], declared: DeclaredOrders): KnownShapes {
  const byEdges = new Map<string, NumericReference>();
  for (const { features, outputs } of profiles) {
    for (const reference of [...Object.values(features), ...Object.values(outputs)]) {
      const numeric =
        reference.kind === 'numeric' ? [reference] : reference.kind === 'embedding' ? reference.projections : [];
      for (const one of numeric) byEdges.set(String(one.edges), one);
    }
  }
  const orders = new Map([...ordersOf(profiles[0]), ...ordersIn(declared)]);
  return {
    onEdges: byEdges.size === 0 ? nothingKnown.onEdges : (edges) => byEdges.get(String(edges)),
    order: (name) => orders.get(name),
  };
}

/**
 * The profile with the orders that settings declare, over its own. How far dependent rows move up and down an order that
 * the profile did not know it did not measure: what its features have in the mean stands in, and of a segment its own.
 */
export function withOrders(profile: ReferenceProfile, declared: DeclaredOrders): ReferenceProfile {
  const orders = new Map(ordersIn(declared));
  if (orders.size === 0) return profile;
  const ordered = (references: References, pooled: number | undefined) =>
    mapped(references, (reference, name) => {
      const order = orders.get(name);
      return order === undefined || reference.kind !== 'categorical'
        ? reference
        : { ...atLeast(reference, pooled), order };
    });
  const ofSegment = (references: SegmentFeatures, pooled: number | undefined) =>
    mapped(references, (reference, name) =>
      reference.kind === 'categorical' && orders.has(name) ? atLeast(reference, pooled) : reference,
    );
  const pooled = profile.calibration?.pooled;
  return {
    ...profile,
    features: ordered(profile.features, pooled),
    outputs: ordered(profile.outputs, pooled),
    ...(profile.segments && {
      segments: mapped(profile.segments, (values) =>
        mapped(values, (segment) => ({
          ...segment,
          features: ofSegment(segment.features, segment.calibration?.pooled),
          outputs: ofSegment(segment.outputs, segment.calibration?.pooled),
        })),
      ),
    }),
  };
}

type References = ReferenceProfile['features'];
type SegmentFeatures = SegmentReference['features'];

function atLeast<Reference extends { readonly phi?: number }>(reference: Reference, pooled = 1): Reference {
  return reference.phi === undefined ? reference : { ...reference, phi: Math.max(reference.phi, pooled) };
}

function mapped<Value, Other>(
  record: Readonly<Record<string, Value>>,
  change: (value: Value, name: string) => Other,
): Readonly<Record<string, Other>> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, change(value, name)]));
}

function ordersIn(declared: DeclaredOrders): readonly (readonly [string, readonly string[]])[] {
  return Object.entries(declared).flatMap(([name, { order }]) => (order === undefined ? [] : [[name, order]]));
}

function ordersOf(profile: ReferenceProfile | undefined): readonly (readonly [string, readonly string[]])[] {
  return Object.entries({ ...profile?.outputs, ...profile?.features }).flatMap(([name, reference]) =>
    reference.kind === 'categorical' && reference.order !== undefined ? [[name, reference.order]] : [],
  );
}
