import type { OtlpRequest } from './otlp-sender.ts';

/** What one period became: requests that are sent, and sent again, byte for byte. */
export interface FrozenUnit {
  readonly requests: OtlpRequest[];
  readonly rows: number;
  readonly frozenAtMs: number;
}

export interface RingBounds {
  readonly units: number;
  readonly bytes: number;
  readonly ageMs: number;
}

export const DEFAULT_RING_BOUNDS: RingBounds = { units: 15, bytes: 8 * 1024 * 1024, ageMs: 15 * 60_000 };

/** Frozen units in the order they came; over a bound the oldest goes. */
export class UnitRing {
  readonly #bounds: RingBounds;
  #units: FrozenUnit[] = [];

  constructor(bounds: RingBounds = DEFAULT_RING_BOUNDS) {
    this.#bounds = bounds;
  }

  get units(): readonly FrozenUnit[] {
    return this.#units;
  }

  get oldest(): FrozenUnit | undefined {
    return this.#units[0];
  }

  get bytes(): number {
    return this.#units.reduce((sum, unit) => sum + bytesOf(unit), 0);
  }

  add(unit: FrozenUnit): void {
    this.#units.push(unit);
  }

  remove(unit: FrozenUnit): void {
    this.#units = this.#units.filter((kept) => kept !== unit);
  }

  /**
   * `isStuck`: exports fail, so units pile up. While they do not, a backfill may freeze more periods at once than a live
   * process does in 15 minutes: bytes bound it then.
   */
  dropOverBounds(nowMs: number, isStuck: boolean): readonly FrozenUnit[] {
    const { units, bytes, ageMs } = this.#bounds;
    const dropped: FrozenUnit[] = [];
    let keptBytes = this.bytes;
    for (const unit of this.#units) {
      const kept = this.#units.length - dropped.length;
      const isTooMuch = keptBytes > bytes || (isStuck && kept > units) || nowMs - unit.frozenAtMs > ageMs;
      if (!isTooMuch) break;
      dropped.push(unit);
      keptBytes -= bytesOf(unit);
    }
    this.#units = this.#units.slice(dropped.length);
    return dropped;
  }
}

const bytesOf = (unit: FrozenUnit): number => unit.requests.reduce((sum, { body }) => sum + body.byteLength, 0);
