import { describeError, faults, Misuse, type Stage } from './faults.ts';
import type { FeatureRow } from './call-mappers.ts';
import { recordColumns } from './column-recorder.ts';
import type { DisclosedRow } from './disclosure.ts';
import type { FeatureSource, FeaturesOf, ProfileLike } from './features.ts';
import { recording } from './lane/recording.ts';
import { type ModelVersion, ModelVersions } from './model-version.ts';
import type { ModelMonitor, MonitorOptions, RecordedColumns, RecordedRow } from './monitor-types.ts';
import type { ObservedModelOptions } from './observed-model.ts';
import {
  type CallOptions,
  finiteTime,
  millisecondsOf,
  type Outcome,
  partsOf,
  type PredictionParts,
} from './prediction.ts';
import { predictionParts, type PrivacyOptions, PrivacyPolicy } from './privacy.ts';
import { outcomeEvent, resultEvent } from './prediction-events.ts';
import { type WrappedModel, wrapperOptions, wrapPredict } from './predict-wrapper.ts';
import { isSampled } from './id-sample.ts';
import { defaultSampling, type Sampling, type SamplingOptions, samplingOf } from './sampling.ts';
import { CallerSecurity } from './security/caller-security.ts';
import { refusalPattern } from './security/refusal.ts';
import type { AnyFunction, Monitored, OptionalWhenEmpty, WrapOptions } from './wrap-types.ts';
import { segmentOfRows } from './segments.ts';

/**
 * Watches one model: what goes in, what comes out, how long it takes. Features come from `profile`, from `features` (kinds
 * or a Standard Schema), or from what is seen. Works before `startDriftline`, and without: spans and latency then.
 */
export function monitorModel<
  const Source extends FeatureSource | undefined = undefined,
  Profile extends ProfileLike | undefined = undefined,
>(options: MonitorOptions<Source, Profile>): ModelMonitor<FeaturesOf<Source, Profile>> {
  return new Monitor<FeaturesOf<Source, Profile>>(options);
}

interface AnyMonitorOptions extends ObservedModelOptions {
  readonly outcomes?: { readonly joinById: boolean; readonly sampleRatio?: number };
  readonly sampling?: SamplingOptions;
  readonly privacy?: PrivacyOptions;
}

/** Public only to what wraps calls without their types. */
export class Monitor<F> implements ModelMonitor<F>, WrappedModel {
  readonly callers = new CallerSecurity();
  readonly privacy: PrivacyPolicy | undefined;
  readonly #sampling: Sampling | undefined;
  readonly #sampleRatio: number;
  #versions: ModelVersions;

  constructor(options: AnyMonitorOptions) {
    this.#versions = new ModelVersions(options);
    this.privacy = options.privacy && new PrivacyPolicy(options.privacy);
    this.#sampling = options.sampling && samplingOf(options.sampling, (message) => this.#complain(message));
    this.#complainOfUnknown(this.privacy?.names ?? []);
    this.#sampleRatio = options.outcomes?.joinById === true ? (options.outcomes.sampleRatio ?? 1) : 0;
  }

  get name(): string {
    return this.#versions.current.observed.name;
  }

  get sampling(): Sampling {
    return this.#sampling ?? defaultSampling.current;
  }

  get version(): string | undefined {
    return this.#versions.current.observed.version;
  }

  wrap<T extends AnyFunction>(predict: T, ...[options]: OptionalWhenEmpty<WrapOptions<T, F>>): Monitored<T> {
    return wrapPredict(this, predict, wrapperOptions(options));
  }

  record({ features, prediction, durationMs, error, ...call }: RecordedRow<F>): void {
    this.#guard('record', () => {
      const version = this.versionOf(call);
      if (version === undefined || call.skip === true) return;
      const atMs = call.at === undefined ? Date.now() : millisecondsOf(call.at);
      const sketches = version.sketchesAt(finiteTime(atMs));
      const segment = segmentOfRows(features ?? {}, version.observed.segments, call.segment);
      if (features !== undefined) {
        sketches?.recordFeatures(features, segment);
        version.validate(features, sketches);
        version.scoreRows(features, sketches);
      }
      if (features !== undefined && call.caller !== undefined) {
        const suspicions = this.callers.observe(call.caller, { rows: [features], timeMs: atMs });
        for (const [pattern, rows] of suspicions) sketches?.recordSecurity(pattern, rows);
      }
      const parts = partsOf(prediction);
      if (prediction !== undefined && parts === undefined) {
        throw new Misuse('prediction is no number, { value }, { score } or { class }');
      }
      sketches?.recordCall({
        seconds: durationMs === undefined ? undefined : durationMs / 1000,
        predictions: parts === undefined ? [] : [parts],
        hasFailed: error !== undefined,
        segment,
      });
      if (call.id !== undefined && parts !== undefined)
        this.reportResults(version, [call.id], [parts], atMs, this.#disclosed(features));
    });
  }

  recordColumns(columns: RecordedColumns<F>): void {
    this.#guard('record', () => {
      const version = this.versionOf(columns);
      if (version !== undefined) recordColumns(version, columns);
    });
  }

  recordRefusal(status: number): void {
    this.#guard('record', () => {
      const pattern = refusalPattern(status);
      if (pattern !== undefined) this.versionOf(undefined)?.sketchesAt(Date.now())?.recordSecurity(pattern);
    });
  }

  recordOutcome(outcome: Outcome | readonly Outcome[]): void {
    const target = recording.current;
    if (target === undefined) return;
    const { name, version, privacy } = this;
    for (const one of isMany(outcome) ? outcome : [outcome]) {
      this.#guard('outcome', () => target.addEvent(outcomeEvent({ name, version, privacy }, one, Date.now())));
    }
  }

  update(next: { readonly version?: string; readonly profile?: ProfileLike }): void {
    this.#versions = this.#versions.with(next);
  }

  versionOf(call: Pick<CallOptions, 'version'> | undefined): ModelVersion | undefined {
    if (recording.current === undefined) return undefined;
    return call?.version === undefined ? this.#versions.current : this.#versions.named(call.version);
  }

  reportResults(
    version: ModelVersion,
    ids: readonly string[],
    predictions: readonly PredictionParts[],
    timeMs: number,
    rows: readonly DisclosedRow[],
  ): void {
    if (this.#sampleRatio === 0) return;
    ids.forEach((id, row) => {
      const parts = predictions[row];
      if (parts === undefined || !isSampled(id, this.#sampleRatio)) return;
      const result = { id, parts, timeMs, sampleRatio: this.#sampleRatio, features: rows[row] };
      const event = resultEvent({ ...version.observed, privacy: this.privacy }, result);
      if (event !== undefined) recording.current?.addEvent(event);
    });
  }

  #disclosed(features: FeatureRow | undefined): readonly DisclosedRow[] {
    return features === undefined || this.privacy === undefined ? [] : [this.privacy.row(features)];
  }

  #complain(message: string): void {
    faults.count({ stage: 'settings', model: this.name, message: `monitorModel() of "${this.name}": ${message}` });
  }

  /** A misspelt name in `deny` lets out what should have stayed. */
  #complainOfUnknown(names: Iterable<string>): void {
    const { features } = this.#versions.current.observed.features;
    const known = new Set<string>([...predictionParts, ...features.keys()]);
    const unknown = features.size === 0 ? [] : [...names].filter((name) => !known.has(name));
    if (unknown.length > 0) this.#complain(`privacy names ${unknown.join(', ')}, which is no feature of this model.`);
  }

  #guard(stage: Stage, run: () => void): void {
    try {
      run();
    } catch (error) {
      const method = stage === 'outcome' ? 'recordOutcome' : 'record';
      faults.count({ stage, model: this.name, message: `${method}() of "${this.name}": ${describeError(error)}.` });
    }
  }
}

function isMany(outcome: Outcome | readonly Outcome[]): outcome is readonly Outcome[] {
  return Array.isArray(outcome);
}
