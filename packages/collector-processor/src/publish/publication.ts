import type { Alert } from '../alert/alert.ts';
import { backoffMs } from './backoff.ts';
import type { ResultEvent } from './events.ts';
import {
  alertPoints,
  capped,
  isQuiet,
  lastPointsOf,
  pointsOf,
  type PublishedModel,
  type ResultPoint,
} from './gauges.ts';
import { encodeEvents, encodeMetrics } from './otlp-encoding.ts';
import type { OtlpPublisher, OtlpSignal, PublishResult } from './otlp-publisher.ts';

/** What the store has to publish. */
export interface ResultSource {
  models(): Promise<readonly PublishedModel[]>;
}

/** Events that were committed and not yet sent. */
export interface EventOutbox {
  /** The oldest first. */
  peek(limit: number): Promise<readonly ResultEvent[]>;
  remove(ids: readonly string[]): Promise<void>;
}

export interface PublicationOptions {
  readonly results: ResultSource;
  readonly outbox: EventOutbox;
  readonly publisher: OtlpPublisher;
  readonly settings: {
    readonly interval: number;
    readonly pValue: boolean;
    readonly methods: 'deciding' | 'all';
    readonly maxSeries: number;
  };
  /** What this service says of itself; not subject to the bound. */
  readonly selfPoints: () => readonly ResultPoint[];
  readonly deploymentId: string;
  readonly version: string;
  readonly now: () => number;
  /** Between 0 and 1. */
  readonly random: () => number;
  readonly onReport: (report: PublicationReport) => void;
}

export type PublicationReport =
  | {
      readonly signal: OtlpSignal;
      readonly result: PublishResult['kind'];
      /** Points or events in the request. */
      readonly items: number;
      readonly reason?: string;
      /** In a row; the first one is worth a line in the log. */
      readonly failures: number;
    }
  /** Each time gauges are published: how many were left out. */
  | { readonly signal: 'metrics'; readonly cappedSeries: number };

/**
 * Sends the last results again every interval, stamped now, since a backend forgets a series that falls silent; and
 * events once each, in order, from the outbox: sent, then removed, so at least once.
 */
export class Publication {
  readonly #options: PublicationOptions;
  readonly #failures = { metrics: 0, logs: 0 };
  #running: Promise<unknown> | undefined;
  #nextGauges = 0;
  #nextEvents = 0;
  /** Models that were said to be without data; not said again. */
  readonly #quiet = new Set<string>();

  constructor(options: PublicationOptions) {
    this.#options = options;
  }

  /** Publishes what is due; a call meanwhile waits for the one under way. Call it often: it costs a look at the outbox. */
  async publish(): Promise<void> {
    this.#running ??= Promise.all([this.#publishGauges(), this.#publishEvents()]).finally(() => {
      this.#running = undefined;
    });
    await this.#running;
  }

  async #publishGauges(): Promise<void> {
    const { results, publisher, settings, selfPoints, now, onReport } = this.#options;
    if (now() < this.#nextGauges) return;
    this.#nextGauges = now() + settings.interval;
    const due = (await results.models()).flatMap((model) => this.#pointsDue(model));
    const { kept, cappedSeries } = capped(due, settings.maxSeries);
    onReport({ signal: 'metrics', cappedSeries });
    const points = [...kept, ...selfPoints()];
    if (points.length === 0) return;
    // The next interval sends newer values, so a failure is not tried again before.
    this.#report('metrics', points.length, await publisher.send('metrics', encodeMetrics(points, this.#encoding())));
  }

  #pointsDue(model: PublishedModel): readonly ResultPoint[] {
    const { settings, now } = this.#options;
    const { key } = model.state.latest.model;
    if (!isQuiet(model, now())) {
      this.#quiet.delete(key);
      return pointsOf(model, { ...settings, now: now() });
    }
    const lastWord = this.#quiet.has(key) ? [] : lastPointsOf(model);
    this.#quiet.add(key);
    return [...lastWord, ...model.alerts.filter(isActive).flatMap(alertPoints)];
  }

  async #publishEvents(): Promise<void> {
    const { outbox, publisher, now, random } = this.#options;
    while (now() >= this.#nextEvents) {
      const events = await outbox.peek(eventsPerRequest);
      if (events.length === 0) return;
      const result = await publisher.send('logs', encodeEvents(events, this.#encoding()));
      this.#report('logs', events.length, result);
      if (result.kind === 'failed') {
        this.#nextEvents = now() + backoffMs(this.#failures.logs, random(), result.retryAfterMs);
        return;
      }
      await outbox.remove(events.map(({ id }) => id));
    }
  }

  #report(signal: OtlpSignal, items: number, result: PublishResult): void {
    const failures = result.kind === 'sent' ? 0 : this.#failures[signal] + 1;
    this.#failures[signal] = failures;
    const reason = 'reason' in result ? { reason: result.reason } : {};
    this.#options.onReport({ signal, result: result.kind, items, failures, ...reason });
  }

  #encoding() {
    const { deploymentId, version, now } = this.#options;
    return { deploymentId, version, now: now() };
  }
}

const eventsPerRequest = 200;

function isActive({ state }: Alert): boolean {
  return state === 'pending' || state === 'firing';
}
