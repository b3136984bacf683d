import {
  ATTR_DRIFTLINE_ALERT_ID,
  ATTR_DRIFTLINE_ALERT_STATE,
  ATTR_ML_FEATURE_NAME,
  EVENT_DRIFTLINE_ALERT_CHANGE,
  EVENT_ML_DRIFT_CHANGE,
  METRIC_ML_DRIFT_SCORE,
} from '@driftline/semantic-conventions';
import { OtlpReceivingEnd } from '../../test/support/otlp-receiving-end.ts';

export interface AlertChange {
  readonly id: string;
  readonly state: string;
  /** The feature that is worst, where the alert is about features. */
  readonly feature: string;
}

export interface Arrived {
  readonly driftGauges: number;
  readonly driftChanges: number;
  readonly alertChanges: number;
}

/** Stands for the place that your telemetry goes to: a real OTLP receiver, read as a dashboard would read it. */
export class Backend implements AsyncDisposable {
  readonly #end = new OtlpReceivingEnd();
  #alertChangesRead = 0;

  listen(): Promise<string> {
    return this.#end.listen();
  }

  /** What arrived since the last call. */
  newAlertChanges(): readonly AlertChange[] {
    const events = this.#events(EVENT_DRIFTLINE_ALERT_CHANGE).slice(this.#alertChangesRead);
    this.#alertChangesRead += events.length;
    return events.map(({ attributes }) => ({
      id: String(attributes[ATTR_DRIFTLINE_ALERT_ID]),
      state: String(attributes[ATTR_DRIFTLINE_ALERT_STATE]),
      feature: String(attributes[ATTR_ML_FEATURE_NAME] ?? ''),
    }));
  }

  /** The largest that its gauge ever showed. */
  largestDrift(feature: string): number {
    const ofFeature = this.#driftGauges().filter(({ attributes }) => attributes[ATTR_ML_FEATURE_NAME] === feature);
    return Math.max(0, ...ofFeature.map(({ value = 0 }) => value));
  }

  arrived(): Arrived {
    return {
      driftGauges: this.#driftGauges().length,
      driftChanges: this.#events(EVENT_ML_DRIFT_CHANGE).length,
      alertChanges: this.#events(EVENT_DRIFTLINE_ALERT_CHANGE).length,
    };
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#end[Symbol.asyncDispose]();
  }

  #driftGauges() {
    return this.#end.metrics.filter(({ name }) => name === METRIC_ML_DRIFT_SCORE);
  }

  #events(name: string) {
    return this.#end.logs.filter((log) => log.name === name);
  }
}
