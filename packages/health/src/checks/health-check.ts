export type HealthStatus = 'pass' | 'warn' | 'fail';

/** Which probe a failing check fails; a process that is not alive is not ready either. */
export type Affects = 'liveness' | 'readiness' | 'nothing';

/** What one measurement says; an entry under `check:measurement` in `application/health+json`. */
export interface Finding {
  readonly measurement: string;
  readonly status: HealthStatus;
  readonly observedValue?: number | string;
  readonly observedUnit?: string;
  /** Which one, where a check looks at several of a kind. */
  readonly componentId?: string;
  /** Why, where it is not `pass`. */
  readonly output?: string;
}

export interface Schedule {
  readonly everyMs: number;
  readonly timeoutMs: number;
  readonly affects: Affects;
}

export interface ReadContext {
  /** Aborts at the timeout and at shutdown. */
  readonly signal: AbortSignal;
  readonly now: () => number;
}

/** Reads one thing again and again. */
export interface Reader<Reading> {
  read(context: ReadContext): Reading | Promise<Reading>;
  close?(): void;
}

/** Everything one kind of check answers about itself. Reading does the I/O; judging is pure. */
export interface HealthCheckKind<Given, Settings, Reading> {
  readonly type: string;
  /** The question, in the words of the person on call. */
  readonly answers: string;
  readonly componentType: 'component' | 'datastore' | 'system';
  /** The measurement that stands for the check where there is no reading: it threw, timed out or has not run. */
  readonly measurement: string;
  readonly schedule: Schedule;
  /** Adds the defaults. */
  complete(given: Given): Settings;
  open(settings: Settings): Reader<Reading>;
  judge(reading: Reading, settings: Settings): readonly Finding[];
  /** Readings with the status they deserve. */
  readonly examples: readonly {
    readonly says: string;
    readonly given: Given;
    readonly reading: Reading;
    readonly status: HealthStatus;
  }[];
}

/** A check with its settings: what the runner runs, whatever its kind. */
export interface HealthCheck extends Schedule {
  readonly type: string;
  readonly componentType: string;
  readonly measurement: string;
  open(): Reader<readonly Finding[]>;
}

/** Makes a kind callable: `systemCheck({ everyMs: 5000 })`. */
export function defineHealthCheck<Given extends object, Settings, Reading>(
  kind: HealthCheckKind<Given, Settings, Reading>,
) {
  const { type, answers, componentType, measurement, schedule } = kind;
  const check = (given: Given & Partial<Schedule>): HealthCheck => {
    const settings = kind.complete(given);
    return {
      type,
      componentType,
      measurement,
      everyMs: given.everyMs ?? schedule.everyMs,
      timeoutMs: given.timeoutMs ?? schedule.timeoutMs,
      affects: given.affects ?? schedule.affects,
      open() {
        const reader = kind.open(settings);
        return {
          read: async (context) => kind.judge(await reader.read(context), settings),
          close: () => reader.close?.(),
        };
      },
    };
  };
  const examples = kind.examples.map(({ says, given, reading, status }) => ({
    says,
    status,
    judge: () => kind.judge(reading, kind.complete(given)),
  }));
  return Object.assign(check, { type, answers, schedule, examples });
}

/** The worst of them; `pass` where there is none. */
export function worst(statuses: Iterable<HealthStatus>): HealthStatus {
  const seen = new Set(statuses);
  return seen.has('fail') ? 'fail' : seen.has('warn') ? 'warn' : 'pass';
}
