import {
  ML_DRIFT_STATE_VALUE_DRIFT,
  ML_DRIFT_STATE_VALUE_NO_REFERENCE,
  ML_DRIFT_STATE_VALUE_WARNING,
} from '@driftline/semantic-conventions';
import type { AskQuality, ModelQuality } from '../io/drift-service.ts';
import { defineHealthCheck, type Finding, type HealthStatus } from './health-check.ts';

export interface DataQualityCheckSettings {
  /** `driftService('http://127.0.0.1:3743', { model: 'employment' })`, or a function of yours. */
  readonly ask: AskQuality;
  /** What drift counts as. Default `warn`. */
  readonly onDrift?: HealthStatus;
  /** Share of rows that break one rule in one feature. */
  readonly violations?: { readonly warn: number; readonly fail: number };
  /** No window judged for so long is a warning. Default an hour. */
  readonly silentAfterMs?: number;
}

type Settings = Required<DataQualityCheckSettings>;

const askedAtMs = Date.UTC(2026, 10, 20, 12);
const given: DataQualityCheckSettings = { ask: () => [] };

export const dataQualityCheck = defineHealthCheck({
  type: 'data-quality',
  answers: 'Is what the model is fed still what it was made for?',
  componentType: 'component',
  measurement: 'drift',
  // Drift is for the owners to look at; taking the service out of rotation would help nobody. What a window was judged
  // is steady by itself.
  schedule: { everyMs: 60_000, timeoutMs: 5_000, affects: 'nothing', failAfter: 1, recoverAfter: 1 },
  complete: (given: DataQualityCheckSettings): Settings => ({
    onDrift: 'warn',
    violations: { warn: 0.05, fail: 0.5 },
    silentAfterMs: 3_600_000,
    ...given,
  }),
  open: ({ ask }) => ({
    read: async ({ signal, now }) => ({ models: await ask(signal), askedAtMs: now() }),
  }),
  judge({ models, askedAtMs }, settings) {
    if (models.length === 0)
      return [{ measurement: 'drift', status: 'warn', output: 'the drift service knows no such model yet' }];
    return models.flatMap((quality) => {
      const { name, version } = quality.model;
      const componentId = version === '' ? name : `${name} ${version}`;
      return [drift(quality, settings), violations(quality, settings), silence(quality, askedAtMs, settings)].map(
        (finding) => ({ ...finding, componentId }),
      );
    });
  },
  examples: [
    { says: 'all well', given, reading: { askedAtMs, models: [quality({})] }, status: 'pass' },
    { says: 'a feature drifted', given, reading: { askedAtMs, models: [quality({ state: 'drift' })] }, status: 'warn' },
    {
      says: 'drift, where the user wants out of rotation',
      given: { ...given, onDrift: 'fail' },
      reading: { askedAtMs, models: [quality({ state: 'drift' })] },
      status: 'fail',
    },
    {
      says: 'a sender upstream lost a column',
      given,
      reading: { askedAtMs, models: [quality({ violations: { missing: 0.98 } })] },
      status: 'fail',
    },
    {
      says: 'nothing arrives any more',
      given,
      reading: { askedAtMs, models: [quality({ windowEnd: askedAtMs - 3_700_000 })] },
      status: 'warn',
    },
    {
      says: 'a model that was never judged',
      given,
      reading: {
        askedAtMs,
        models: [{ model: { name: 'fraud', version: '' }, state: 'insufficient_data', features: [] }],
      },
      status: 'warn',
    },
    { says: 'a drift service that never saw the model', given, reading: { askedAtMs, models: [] }, status: 'warn' },
  ],
});

function drift({ state, features }: ModelQuality, { onDrift }: Settings): Finding {
  const drifted = features.filter((feature) => feature.state === ML_DRIFT_STATE_VALUE_DRIFT).map(({ name }) => name);
  const statuses: Readonly<Record<string, HealthStatus>> = {
    [ML_DRIFT_STATE_VALUE_DRIFT]: onDrift,
    [ML_DRIFT_STATE_VALUE_WARNING]: 'warn',
    [ML_DRIFT_STATE_VALUE_NO_REFERENCE]: 'warn',
  };
  const status = statuses[state] ?? 'pass';
  return {
    measurement: 'drift',
    status,
    observedValue: state,
    ...(status !== 'pass' && { output: drifted.length > 0 ? `${state}: ${drifted.join(', ')}` : state }),
  };
}

function violations({ features }: ModelQuality, { violations: limits }: Settings): Finding {
  const worst = features
    .flatMap(({ name, violations }) => Object.entries(violations).map(([rule, share]) => ({ name, rule, share })))
    .reduce((one, other) => (other.share > one.share ? other : one), { name: '', rule: '', share: 0 });
  const status = worst.share > limits.fail ? 'fail' : worst.share > limits.warn ? 'warn' : 'pass';
  return {
    measurement: 'violations',
    status,
    observedValue: worst.share,
    observedUnit: '1',
    ...(status !== 'pass' && { output: `${worst.name}: ${worst.rule} in ${(100 * worst.share).toFixed(1)} % of rows` }),
  };
}

function silence({ windowEnd }: ModelQuality, askedAtMs: number, { silentAfterMs }: Settings): Finding {
  if (windowEnd === undefined)
    return { measurement: 'lastWindow', status: 'warn', output: 'no window has been judged yet' };
  const ageMs = Math.max(0, askedAtMs - windowEnd);
  const isSilent = ageMs > silentAfterMs;
  return {
    measurement: 'lastWindow',
    status: isSilent ? 'warn' : 'pass',
    observedValue: Math.round(ageMs / 1000),
    observedUnit: 's',
    ...(isSilent && { output: 'no window has been judged for longer than expected' }),
  };
}

function quality(of: {
  readonly state?: string;
  readonly violations?: Readonly<Record<string, number>>;
  readonly windowEnd?: number;
}): ModelQuality {
  const { state = 'ok', violations = {}, windowEnd = askedAtMs - 60_000 } = of;
  return {
    model: { name: 'employment', version: '7' },
    state,
    windowEnd,
    features: [{ name: 'age', state, violations }],
  };
}
