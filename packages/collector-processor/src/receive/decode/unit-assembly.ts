import type { AttributeSet } from '../attributes.ts';
import type { Edges, Identities, Sender, Stream } from '../identity.ts';
import type { IdentifiedPoint, ModelIdentity, PointValue, Refusals, RefusalReason, Unit } from '../unit.ts';
import type { ReadEvent } from './events.ts';

/** What a request held. */
export interface Decoded {
  readonly units: readonly Unit[];
  readonly refused: Refusals;
  /** Metrics, log records or span batches that are not ours to read. */
  readonly ignored: number;
}

/** One point as either encoding gives it. */
export interface ReportedPoint {
  readonly attributes: AttributeSet;
  readonly startNs: bigint;
  readonly endNs: bigint;
  /** What makes it a stream of its own besides name and attributes: a histogram's edges. */
  readonly edges?: Edges | undefined;
  /** 0 where there is no count. */
  readonly count: number;
  readonly value: PointValue | RefusalReason;
}

/** As numbered in OTLP; unspecified is no answer. */
export function temporalityOf(number: unknown): 'delta' | 'cumulative' | undefined {
  return number === 1 ? 'delta' : number === 2 ? 'cumulative' : undefined;
}

/** Sorts the points of one request into units, and refuses those whose model or interval cannot be. */
export class UnitAssembly {
  readonly #identities: Identities;
  readonly #latestEndNs: bigint;
  readonly #units = new Map<string, OpenUnit>();
  readonly #refused: Partial<Record<RefusalReason, number>> = {};
  #ignored = 0;
  /** Points of a unit come together: the last one is tried first. */
  #last:
    | { readonly unit: OpenUnit; readonly sender: Sender; readonly model: ModelIdentity; readonly teller: string }
    | undefined;

  constructor(identities: Identities, nowMs: number) {
    this.#identities = identities;
    this.#latestEndNs = BigInt(Math.trunc(nowMs) + mostMsAhead) * 1_000_000n;
  }

  add(sender: Sender, stream: Stream, { attributes, startNs, endNs, edges, count, value }: ReportedPoint): void {
    if (typeof value === 'string') return this.refuse(value);
    const unit = this.#unit(sender, attributes, startNs, endNs, sender.writer);
    if (typeof unit === 'string') return this.refuse(unit);
    const series = this.#identities.series(stream, attributes, edges ?? '');
    const sum = 'sum' in value ? value.sum : 'value' in value ? value.value : 0;
    unit.points.push({ tag: this.#identities.tag(series, count, sum), series: series.series, value });
  }

  addEvent(sender: Sender, event: ReadEvent | RefusalReason): void {
    if (typeof event === 'string') return this.refuse(event);
    const { attributes, startNs, endNs, stream, shape, identifying, value } = event;
    const unit = this.#unit(sender, attributes, startNs, endNs, event.isSameFromAnySender ? '' : sender.writer);
    if (typeof unit === 'string') return this.refuse(unit);
    const series = this.#identities.series(this.#identities.stream(stream), attributes, shape);
    unit.points.push({ tag: this.#identities.eventTag(series, identifying), series: series.series, value });
  }

  refuse(reason: RefusalReason, points = 1): void {
    if (points > 0) this.#refused[reason] = (this.#refused[reason] ?? 0) + points;
  }

  ignore(): void {
    this.#ignored++;
  }

  finish(): Decoded {
    return { units: [...this.#units.values()], refused: this.#refused, ignored: this.#ignored };
  }

  /** `teller` is the writer in the unit's identity, empty where it is nobody's own. */
  #unit(
    sender: Sender,
    attributes: AttributeSet,
    startNs: bigint,
    endNs: bigint,
    teller: string,
  ): OpenUnit | RefusalReason {
    const model = this.#identities.model(sender, attributes);
    if (model === undefined) return 'missing_model_name';
    const last = this.#last;
    if (
      last?.model === model &&
      last.sender === sender &&
      last.teller === teller &&
      last.unit.startNs === startNs &&
      last.unit.endNs === endNs
    )
      return last.unit;
    if (endNs === 0n || startNs > endNs) return 'invalid_interval';
    if (endNs > this.#latestEndNs) return 'future';

    const key = `${model.key}/${sender.writer}/${teller}/${startNs}/${endNs}`;
    let unit = this.#units.get(key);
    if (unit === undefined) {
      const id = this.#identities.unitId(model.key, teller, startNs, endNs);
      unit = { model, id, writer: sender.writer, writerName: sender.writerName, startNs, endNs, points: [] };
      this.#units.set(key, unit);
    }
    this.#last = { unit, sender, model, teller };
    return unit;
  }
}

type OpenUnit = Unit & { readonly points: IdentifiedPoint[] };

/** Clocks differ; further ahead a point could open panes without bound. */
const mostMsAhead = 5 * 60_000;
