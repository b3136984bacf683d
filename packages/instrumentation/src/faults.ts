import { diag, metrics } from '@opentelemetry/api';
import {
  ATTR_DRIFTLINE_INSTRUMENTATION_STAGE,
  ATTR_ML_MODEL_NAME,
  instrumentationMetrics,
  METRIC_DRIFTLINE_INSTRUMENTATION_ERRORS,
  SCOPE_INSTRUMENTATION,
} from '@driftline/semantic-conventions';
import { isRegisteredInApi } from './api-registration.ts';
import { VERSION } from './version.ts';

/** Where monitoring itself went wrong. The prediction went on. */
export type Stage =
  | 'settings'
  | 'profile'
  | 'features'
  | 'prediction'
  | 'id'
  | 'at'
  | 'caller'
  | 'record'
  | 'outcome'
  | 'stream'
  | 'export';

export interface Fault {
  readonly stage: Stage;
  readonly model?: string;
  readonly message: string;
}

/** Our failures inside somebody else's process: each counted, the first of each model and stage said once. */
export class Faults {
  readonly #counts = new Map<Stage, number>();
  readonly #said = new Set<string>();
  #listener: ((fault: Fault) => void) | undefined;

  get counts(): Readonly<Partial<Record<Stage, number>>> {
    return Object.fromEntries(this.#counts);
  }

  /** `message` names part, value and way out, never feature values. */
  count(fault: Fault, times = 1): void {
    this.#counts.set(fault.stage, (this.#counts.get(fault.stage) ?? 0) + times);
    this.#listener?.(fault);
    this.#countInOpenTelemetry(fault, times);
    this.sayOnce(`${fault.model ?? ''}/${fault.stage}`, fault.message);
  }

  sayOnce(topic: string, message: string): void {
    if (this.#said.has(topic) || this.#said.size >= 1000) return;
    this.#said.add(topic);
    say(`driftline: ${message} Said once.`);
  }

  /** Tests of users want to see every fault. Returns how to stop listening. */
  listen(listener: (fault: Fault) => void): () => void {
    this.#listener = listener;
    return () => {
      this.#listener = undefined;
    };
  }

  #countInOpenTelemetry({ stage, model }: Fault, times: number): void {
    const { unit, brief } = instrumentationMetrics[METRIC_DRIFTLINE_INSTRUMENTATION_ERRORS];
    metrics
      .getMeter(SCOPE_INSTRUMENTATION, VERSION)
      .createCounter(METRIC_DRIFTLINE_INSTRUMENTATION_ERRORS, { unit, description: brief })
      .add(times, {
        [ATTR_DRIFTLINE_INSTRUMENTATION_STAGE]: stage,
        ...(model === undefined ? {} : { [ATTR_ML_MODEL_NAME]: model }),
      });
  }
}

export const faults: Faults = new Faults();

/** "TypeError: Cannot read properties of undefined". What is no Error may be anything, raw values too. */
export function describeError(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : `a ${typeof error} that is no Error`;
}

/** OpenTelemetry's own diagnostics where the application listens to them, else the console. */
function say(message: string): void {
  if (isRegisteredInApi('diag')) diag.warn(message);
  else console.warn(message);
}
