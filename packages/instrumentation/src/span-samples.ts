/** Where a span is found. */
export interface SampledSpan {
  readonly traceId: string;
  readonly spanId: string;
}

/** Of one feature and period: enough to look at. */
const MOST_SPANS = 3;

/** For each feature a few sampled spans whose value fell outside the reference. */
export class SpanSamples {
  readonly #byFeature = new Map<string, SampledSpan[]>();

  get byFeature(): ReadonlyMap<string, readonly SampledSpan[]> {
    return this.#byFeature;
  }

  add(features: readonly string[], { traceId, spanId }: SampledSpan): void {
    for (const feature of features) {
      const spans = this.#byFeature.get(feature) ?? [];
      this.#byFeature.set(feature, spans);
      if (spans.length < MOST_SPANS && spans.every((span) => span.traceId !== traceId)) spans.push({ traceId, spanId });
    }
  }

  merge(other: SpanSamples): void {
    for (const [feature, spans] of other.#byFeature) for (const span of spans) this.add([feature], span);
  }
}
