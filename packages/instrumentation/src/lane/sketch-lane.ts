import type { Clock } from '../clock.ts';
import type { Faults } from '../faults.ts';
import type { Attributes } from '../otlp/attributes.ts';
import type { LogRecord } from '../otlp/messages.ts';
import { logsRequests, metricsRequests } from '../otlp/requests.ts';
import { coMomentEvents } from '../otlp/co-moment-events.ts';
import { sampleEvents } from '../otlp/sample-events.ts';
import { sketchPoints } from '../otlp/sketch-points.ts';
import { DroppedRows } from './dropped-rows.ts';
import type { OtlpRequest, OtlpSender } from './otlp-sender.ts';
import type { Recording } from './recording.ts';
import { type ClosedPeriod, SketchBook } from './sketch-book.ts';
import { type FrozenUnit, type RingBounds, UnitRing } from './unit-ring.ts';

export interface SketchLaneOptions {
  readonly sender: OtlpSender;
  readonly clock: Clock;
  readonly random: () => number;
  readonly faults: Faults;
  readonly resource: () => Attributes;
  readonly periodMs: number;
  readonly minimumRows: number;
  readonly sendsExtremes: boolean;
  readonly bounds?: RingBounds;
}

export interface LaneStatus {
  readonly endpoint: string;
  readonly openPeriods: number;
  /** Frozen and not yet taken by the receiver. */
  readonly keptUnits: number;
  readonly keptBytes: number;
  readonly deliveredUnits: number;
  readonly droppedRows: DroppedRows['byReason'];
}

/** So many events leave together at once, rather than at the end of the period. */
const EVENTS_A_UNIT = 1000;
const MAX_EXPORT_DELAY_MS = 60_000;
const FIRST_RETRY_MS = 1000;
const LONGEST_RETRY_MS = 60_000;

/**
 * From live sketches to the drift service: at the end of a period its sketches freeze into a unit, which is sent until it
 * is taken. A unit is never merged back: a failed answer may hide a success, and merged rows would be counted twice.
 */
export class SketchLane implements Recording {
  readonly book: SketchBook;
  readonly #options: SketchLaneOptions;
  readonly #ring: UnitRing;
  readonly #dropped = new DroppedRows();
  /** The same share of every period, so that processes spread out and exports of one stay a period apart. */
  readonly #exportDelayMs: number;
  #events: LogRecord[] = [];
  #delivered = 0;
  #failuresInARow = 0;
  #exporting: Promise<void> | undefined;
  #cancelRotation: () => void = () => {};
  #cancelExport: (() => void) | undefined;

  constructor(options: SketchLaneOptions) {
    const { clock, random, periodMs, minimumRows } = options;
    this.#options = options;
    this.#ring = new UnitRing(options.bounds);
    this.#exportDelayMs = random() * Math.min(periodMs, MAX_EXPORT_DELAY_MS);
    this.book = new SketchBook({
      periodMs,
      minimumRows,
      now: () => clock.now(),
      close: (closed) => this.take(closed),
      dropped: (rows) => this.#dropped.add('minimum_rows', rows),
    });
  }

  get status(): LaneStatus {
    return {
      endpoint: this.#options.sender.endpoint,
      openPeriods: this.book.openPeriods,
      keptUnits: this.#ring.units.length,
      keptBytes: this.#ring.bytes,
      deliveredUnits: this.#delivered,
      droppedRows: this.#dropped.byReason,
    };
  }

  start(): void {
    const { clock, periodMs } = this.#options;
    this.#cancelRotation = clock.after(periodMs - (clock.now() % periodMs), () => {
      this.book.closeEnded();
      this.#freezeEvents();
      if (this.#ring.units.length > 0) this.#exportAfter(this.#exportDelayMs);
      this.start();
    });
  }

  addEvent(event: LogRecord): void {
    this.#events.push(event);
    if (this.#events.length < EVENTS_A_UNIT) return;
    this.#freezeEvents();
    this.#exportAfter(0);
  }

  /** Freezes sketches that will not change again. */
  take({ models, endNs }: ClosedPeriod): void {
    const { resource, sendsExtremes, minimumRows } = this.#options;
    const points = models.flatMap((model) => sketchPoints(model, endNs, { sendsExtremes, minimumRows }));
    const events = models.flatMap((model) => [
      ...coMomentEvents(model, endNs, { minimumRows }),
      ...sampleEvents(model, endNs),
    ]);
    const rows = models.reduce((sum, model) => sum + model.rows, 0);
    this.#keep([...metricsRequests(points, resource()), ...logsRequests(events, resource())], rows);
    // Closed before its time by a ninth period: more follow, and soon.
    if (!this.#isStuck && this.#ring.units.length > 1) this.#exportAfter(0);
  }

  /** What was recorded before this lane began: too few rows have no period here to join. */
  takeOver({ models, endNs }: ClosedPeriod): void {
    const enough = models.filter((sketches) => !sketches.isTooFew(this.#options.minimumRows));
    for (const tooFew of models) if (!enough.includes(tooFew)) this.#dropped.add('minimum_rows', tooFew.rows);
    this.take({ models: enough, endNs });
  }

  /** Freezes everything and tries once to send it; what fails is kept. */
  async flush(): Promise<void> {
    this.book.closeAll('more-follows');
    this.#freezeEvents();
    await this.#exportAnew();
  }

  async shutdown({ timeoutMs }: { readonly timeoutMs: number }): Promise<void> {
    this.#cancelRotation();
    this.book.closeAll('last');
    this.#freezeEvents();
    const timeout = Promise.withResolvers<void>();
    const cancelTimeout = this.#options.clock.after(timeoutMs, timeout.resolve);
    await Promise.race([this.#exportAnew(), timeout.promise]);
    cancelTimeout();
    this.#cancelExport?.();
    for (const unit of this.#ring.units) {
      this.#dropped.add('shutdown', unit.rows);
      // Else what is still under way would go on trying after the end.
      this.#ring.remove(unit);
    }
  }

  /** The page is closing: everything goes now, unheard. */
  sendLast(): void {
    this.book.closeAll('last');
    this.#freezeEvents();
    for (const unit of this.#ring.units) {
      for (const request of unit.requests) this.#options.sender.sendAndForget(request);
      this.#ring.remove(unit);
    }
  }

  get #isStuck(): boolean {
    return this.#failuresInARow > 0;
  }

  #freezeEvents(): void {
    const events = this.#events;
    if (events.length === 0) return;
    this.#events = [];
    this.#keep(logsRequests(events, this.#options.resource()), events.length);
  }

  #keep(requests: readonly OtlpRequest[], rows: number): void {
    if (requests.length === 0) return;
    const now = this.#options.clock.now();
    this.#ring.add({ requests: [...requests], rows, frozenAtMs: now });
    for (const unit of this.#ring.dropOverBounds(now, this.#isStuck)) this.#dropped.add('buffer_full', unit.rows);
  }

  #exportAfter(delayMs: number): void {
    if (this.#cancelExport !== undefined) return;
    this.#cancelExport = this.#options.clock.after(delayMs, () => {
      this.#cancelExport = undefined;
      void this.#export();
    });
  }

  /** One at a time: units leave in the order they froze. */
  #export(): Promise<void> {
    this.#exporting ??= this.#sendAll().finally(() => {
      this.#exporting = undefined;
    });
    return this.#exporting;
  }

  /** What an export under way has passed by already must not be missed. */
  async #exportAnew(): Promise<void> {
    await this.#exporting;
    await this.#export();
  }

  async #sendAll(): Promise<void> {
    for (let unit = this.#ring.oldest; unit !== undefined; unit = this.#ring.oldest) {
      const retryAfterMs = await this.#send(unit);
      if (retryAfterMs === 'taken') {
        this.#ring.remove(unit);
        this.#delivered++;
        this.#failuresInARow = 0;
      } else {
        this.#failuresInARow++;
        this.#exportAfter(Math.max(retryAfterMs, this.#backoffMs()));
        return;
      }
    }
  }

  /** `taken`, for good or bad, or how long the receiver asked us to wait. */
  async #send(unit: FrozenUnit): Promise<'taken' | number> {
    const { sender, faults } = this.#options;
    for (let request = unit.requests[0]; request !== undefined; request = unit.requests[0]) {
      const delivery = await sender.send(request);
      if (delivery.kind === 'failed') {
        faults.count({ stage: 'export', message: unreachable(sender.endpoint, delivery.reason) });
        return delivery.retryAfterMs;
      }
      if (delivery.kind === 'refused') {
        faults.count({ stage: 'export', message: refused(sender.endpoint + request.path, delivery.reason) });
        this.#dropped.add('refused', unit.rows);
        return 'taken';
      }
      unit.requests.shift();
      if (delivery.rejected > 0) {
        faults.sayOnce('rejected', `${sender.endpoint} did not count ${delivery.rejected} points: ${delivery.reason}.`);
      }
    }
    return 'taken';
  }

  #backoffMs(): number {
    const doubled = FIRST_RETRY_MS * 2 ** Math.min(this.#failuresInARow - 1, 10);
    return Math.min(doubled, LONGEST_RETRY_MS) * (0.5 + this.#options.random());
  }
}

const unreachable = (endpoint: string, reason: string): string =>
  `no drift service at ${endpoint} (${reason}). Predictions are not affected; sketches are kept for 15 min. ` +
  'Set DRIFTLINE_ENDPOINT, or DRIFTLINE_DISABLED=true.';

const refused = (url: string, reason: string): string =>
  `${url} refuses sketches (${reason}), so they are dropped. Check DRIFTLINE_ENDPOINT and DRIFTLINE_HEADERS.`;
