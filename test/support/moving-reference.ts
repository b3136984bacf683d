import { ReferenceEntries } from '../../packages/collector-processor/src/reference/reference-entries.ts';
import type { ModelReferences } from '../../packages/collector-processor/src/reference/model-references.ts';
import type { RollingPlan } from '../../packages/collector-processor/src/reference/rolling-plan.ts';
import {
  addWindow,
  closeSlot,
  type JudgedWindow,
  type Period,
  rollingReferences,
  type RollingState,
} from '../../packages/collector-processor/src/reference/rolling-reference.ts';
import { nothingKnown } from '../../packages/collector-processor/src/reference/known-shapes.ts';

/** A reference that moves along, kept as bytes between any two windows as the store keeps it. */
export class MovingReference {
  readonly stored = new Map<string, Uint8Array>();
  readonly #plan: RollingPlan;
  segments: readonly string[];
  #state: RollingState | undefined;

  constructor(plan: RollingPlan, segments: readonly string[] = []) {
    this.#plan = plan;
    this.segments = segments;
  }

  /** What the window would be compared with, and then the window itself, as it was judged, goes into it. */
  async next(window: Period, judged: Partial<Omit<JudgedWindow, 'window'>>): Promise<ModelReferences> {
    const entries = new ReferenceEntries((keys) =>
      Promise.resolve(new Map(keys.flatMap((key) => this.#bytes(key).map((bytes) => [key, bytes] as const)))),
    );
    const shelves = { entries, shapes: nothingKnown, segments: this.segments };
    const state = await closeSlot(this.#plan, this.#state, window, shelves);
    const references = await rollingReferences(this.#plan, state, window, shelves);
    const nothing = { measurement: { rows: 0, features: [] }, observations: [], segments: undefined, moments: [] };
    const added = await addWindow(this.#plan, state, { ...nothing, ...judged, window }, entries);
    this.#state = JSON.parse(JSON.stringify(added));
    for (const [key, bytes] of entries.writes()) {
      if (bytes === undefined) this.stored.delete(key);
      else this.stored.set(key, bytes);
    }
    return references;
  }

  #bytes(key: string): readonly Uint8Array[] {
    const bytes = this.stored.get(key);
    return bytes === undefined ? [] : [bytes];
  }
}
