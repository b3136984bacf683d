import {
  ATTR_DRIFTLINE_CHANNEL_NAME,
  ATTR_ERROR_TYPE,
  ATTR_ML_MODEL_NAME,
  METRIC_DRIFTLINE_ALERT_DELIVERIES,
  METRIC_DRIFTLINE_EVALUATION_FAILED,
  METRIC_DRIFTLINE_INGEST_COARSE,
  METRIC_DRIFTLINE_PUBLISH_CAPPED_SERIES,
} from '@driftline/semantic-conventions';
import type { DeliveryResult } from '../alert/delivery.ts';
import type { PublicationReport } from '../publish/publication.ts';
import type { SelfTelemetry } from '../publish/self-telemetry.ts';
import type { ReceivedRequest } from '../receive/otlp-http.ts';
import type { ModelIdentity, Unit } from '../receive/unit.ts';
import type { Pane } from '../store/commit.ts';

/** Counts what goes wrong after start-up, and says the first of each kind: nothing stops, and no log fills up. */
export class Reporter {
  readonly #log: (line: string) => void;
  readonly #self: SelfTelemetry;
  readonly #said = new Set<string>();

  constructor(log: (line: string) => void, self: SelfTelemetry) {
    this.#log = log;
    this.#self = self;
  }

  /** What a person can put right. */
  readonly notice = (line: string): void => this.#sayOnce(line, line);

  /** A fault of ours, or a store that cannot answer. */
  readonly fault = (error: unknown): void => {
    const message = error instanceof Error ? error.message : String(error);
    this.#sayOnce(message, `${message} (said once; tried again)`);
  };

  readonly request = ({ signal, status, error }: ReceivedRequest): void => {
    if (error !== undefined) this.fault(error);
    else if (status === 400)
      this.#sayOnce('undecodable', `a sender's /v1/${signal} request is not OTLP; answered 400. Said once.`);
  };

  readonly coarse = ({ model, writerName, startNs, endNs }: Unit, paneMs: number): void => {
    const seconds = Number(endNs - startNs) / 1e9;
    this.#self.count(METRIC_DRIFTLINE_INGEST_COARSE, { [ATTR_ML_MODEL_NAME]: model.name });
    this.#sayOnce(
      `coarse ${model.key} ${writerName}`,
      `${writerName} sends periods of ${seconds} s for model ${model.name}, longer than a window of ${paneMs / 1000} s: ` +
        'its rows count where the middle of their period lies. Export more often, or widen window.every. Said once.',
    );
  };

  readonly skipped = ({ name }: ModelIdentity, { start }: Pane, reason: unknown): void => {
    this.#self.count(METRIC_DRIFTLINE_EVALUATION_FAILED, { [ATTR_ML_MODEL_NAME]: name });
    const because = reason instanceof Error ? reason.message : String(reason);
    this.#say(
      `model ${name}: the window from ${new Date(start).toISOString()} cannot be judged, and is skipped: ${because}`,
    );
  };

  readonly publication = (report: PublicationReport): void => {
    if ('cappedSeries' in report) {
      this.#self.set(METRIC_DRIFTLINE_PUBLISH_CAPPED_SERIES, report.cappedSeries);
      return;
    }
    const { signal, result, reason, failures } = report;
    if (failures !== 1) return;
    const outcome =
      result === 'refused'
        ? 'refused them for good; check publish.endpoint and publish.headers'
        : signal === 'logs'
          ? 'does not answer; events are kept and sent again'
          : 'does not answer; the next interval sends newer values';
    this.#say(`publish: the endpoint for ${signal} ${outcome} (${reason ?? result}).`);
  };

  readonly delivery = ({ channel, error, failures }: DeliveryResult): void => {
    this.#self.count(METRIC_DRIFTLINE_ALERT_DELIVERIES, {
      [ATTR_DRIFTLINE_CHANNEL_NAME]: channel,
      ...(error === undefined ? {} : { [ATTR_ERROR_TYPE]: error }),
    });
    if (failures === 1) this.#say(`channel ${channel}: not delivered (${error}); tried again.`);
  };

  #sayOnce(about: string, line: string): void {
    if (this.#said.has(about) || this.#said.size >= MOST_SAID) return;
    this.#said.add(about);
    this.#say(line);
  }

  /** Names come from senders: none may begin a line of its own, or colour the terminal. */
  #say(line: string): void {
    this.#log(line.replaceAll(/\p{Cc}/gu, '?'));
  }
}

/** Messages can carry what senders chose: without a bound they would fill the memory. */
const MOST_SAID = 1000;
