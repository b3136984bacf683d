import { diag, metrics } from '@opentelemetry/api';
import {
  ATTR_DRIFTLINE_INSTRUMENTATION_STAGE,
  ATTR_ML_MODEL_NAME,
  instrumentationMetrics,
  METRIC_DRIFTLINE_INSTRUMENTATION_ERRORS,
  SCOPE_INSTRUMENTATION,
} from '@driftline/semantic-conventions';
import { ProfileError } from '@driftline/sketches';
import { isRegisteredInApi } from './api-registration.ts';
import { classNameOf } from './error-type.ts';
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
  | 'segment'
  | 'record'
  | 'outcome'
  | 'stream'
  | 'auto'
  | 'resources'
  | 'export';

export interface Fault {
  readonly stage: Stage;
  readonly model?: string;
  /** Which of several parts at that stage: each is said once. */
  readonly topic?: string;
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
    this.sayOnce(`${fault.model ?? ''}/${fault.stage}/${fault.topic ?? ''}`, fault.message);
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

/** Thrown by us: its message names parts of our API and never a value that somebody recorded. */
export class Misuse extends TypeError {}

/**
 * "TypeError at scoring.ts:12:5": the class and where. A message may repeat the values that it complains of, as that of
 * `JSON.parse` does, so only ours are told.
 */
export function describeError(error: unknown): string {
  if (error instanceof Misuse || error instanceof ProfileError) return explainError(error);
  if (!(error instanceof Error)) return `a ${typeof error} that is no Error`;
  return `${classNameOf(error) ?? 'an Error'}${placeOf(error)}`;
}

/** "Error: connect ECONNREFUSED 127.0.0.1:3743": only of what never saw a row, such as a connection or a tool. */
export function explainError(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : `a ${typeof error} that is no Error`;
}

/** The first frame of its stack, without folders; engines that write stacks otherwise than V8 give none. */
function placeOf({ stack = '', message }: Error): string {
  const frames = stack.slice(stack.indexOf(message) + message.length);
  const place = /^\s+at [^\n]*?([^\s()/\\?#]+)(?:[?#][^\s()]*)?:(\d+:\d+)\)?$/m.exec(frames);
  return place === null ? '' : ` at ${place[1]}:${place[2]}`;
}

/** OpenTelemetry's own diagnostics where the application listens to them, else the console. */
function say(message: string): void {
  if (isRegisteredInApi('diag')) diag.warn(message);
  else console.warn(message);
}
