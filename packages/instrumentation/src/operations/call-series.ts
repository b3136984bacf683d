import { type Attributes, SpanKind, type SpanOptions } from '@opentelemetry/api';
import {
  ATTR_ML_MODEL_NAME,
  ATTR_ML_MODEL_VERSION,
  ATTR_ML_OPERATION_NAME,
  ATTR_ML_SYSTEM_NAME,
  ATTR_SERVER_ADDRESS,
  ATTR_SERVER_PORT,
  METRIC_ML_CLIENT_PREDICTION_DURATION,
  METRIC_ML_PREDICTION_DURATION,
} from '@driftline/semantic-conventions';

export interface CallIdentity {
  readonly model: string;
  readonly version: string | undefined;
  readonly operation: string;
  readonly system: string | undefined;
  readonly remote: { readonly address: string; readonly port?: number } | undefined;
}

/** All that telemetry says of every call alike, made once, so that a call allocates its span and nothing more. */
export interface CallSeries {
  readonly callKey: string;
  readonly modelKey: string;
  readonly spanName: string;
  readonly spanOptions: SpanOptions;
  readonly isRemote: boolean;
  readonly durationMetric: typeof METRIC_ML_PREDICTION_DURATION | typeof METRIC_ML_CLIENT_PREDICTION_DURATION;
  readonly byCall: Attributes;
  readonly byModel: Attributes;
}

export function callSeries({ model, version, operation, system, remote }: CallIdentity): CallSeries {
  const byModel = defined({ [ATTR_ML_MODEL_NAME]: model, [ATTR_ML_MODEL_VERSION]: version });
  const byCall = defined({
    ...byModel,
    [ATTR_ML_OPERATION_NAME]: operation,
    [ATTR_ML_SYSTEM_NAME]: system,
    [ATTR_SERVER_ADDRESS]: remote?.address,
    [ATTR_SERVER_PORT]: remote?.port,
  });
  return {
    callKey: JSON.stringify(byCall),
    modelKey: JSON.stringify(byModel),
    spanName: `${operation} ${model}`,
    spanOptions: { kind: remote === undefined ? SpanKind.INTERNAL : SpanKind.CLIENT, attributes: byCall },
    isRemote: remote !== undefined,
    durationMetric: remote === undefined ? METRIC_ML_PREDICTION_DURATION : METRIC_ML_CLIENT_PREDICTION_DURATION,
    byCall,
    byModel,
  };
}

function defined(attributes: Attributes): Attributes {
  return Object.fromEntries(Object.entries(attributes).filter(([, value]) => value !== undefined));
}
