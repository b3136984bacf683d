import type { Alert } from '../../packages/collector-processor/src/alert/alert.ts';
import type {
  DriftState,
  FeatureMeasurement,
  WindowMeasurement,
} from '../../packages/collector-processor/src/evaluate/measurement.ts';
import type { ModelIdentity } from '../../packages/collector-processor/src/receive/unit.ts';

export const minute = 60_000;
export const hour = 60 * minute;

export const employment: ModelIdentity = {
  key: 'key-employment',
  tenant: 'tenant-a',
  resource: { 'service.name': 'hiring-api', 'deployment.environment.name': 'production' },
  name: 'employment',
  version: '7',
};

/** A judged window of five minutes that ends `end` minutes after `start`. Its state is that of its worst feature. */
export function windowOf({
  end,
  start = 0,
  ...more
}: Partial<WindowMeasurement> & { readonly end: number; readonly start?: number }): WindowMeasurement {
  const { features = [] } = more;
  const worst = worstFirst.find((state) => features.some((feature) => feature.state === state));
  return {
    model: employment,
    windowStart: start + (end - 5) * minute,
    windowEnd: start + end * minute,
    rows: 1_000,
    lateRows: 0,
    state: worst ?? 'ok',
    features,
    performance: [],
    ...more,
  };
}

export function featureOf(name: string, state: DriftState, more: Partial<FeatureMeasurement> = {}): FeatureMeasurement {
  return {
    name,
    role: 'feature',
    kind: 'numeric',
    state,
    horizon: 'window',
    part: 'distribution',
    rows: 1_000,
    size: 0.05,
    threshold: 0.2,
    detectableSize: 0.12,
    p: 0.4,
    pAdjusted: 0.5,
    direction: 'higher',
    calibrated: true,
    scores: {},
    violations: {},
    referenceId: 'sha256:0123456789abcdef',
    ...more,
  };
}

export function alertOf(state: Alert['state'], more: Partial<Alert> = {}): Alert {
  return {
    id: '0123456789abcdef0123456789abcdef',
    rule: 'drift',
    severity: 'warning',
    model: employment,
    state,
    since: 0,
    activeSince: 0,
    windows: 1,
    transition: 1,
    value: 0.3123,
    threshold: 0.2,
    feature: 'age',
    features: ['age', 'pay'],
    direction: 'higher',
    ...more,
  };
}

const worstFirst: readonly DriftState[] = ['drift', 'warning', 'insufficient_data', 'no_reference'];
