export type HealthStatus = 'pass' | 'warn' | 'fail';

/**
 * Which probe a failing check fails; a process that is not alive is not ready either. What affects `startup` must pass
 * once before the service is started and ready, and is not asked again.
 */
export type Affects = 'startup' | 'liveness' | 'readiness' | 'nothing';

/** A model whose readiness a check decides, as clients of the Open Inference Protocol name it. */
export interface ModelName {
  readonly name: string;
  readonly version?: string;
}

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
  /** Failures in a row that make a check fail which passed; until then it warns. */
  readonly failAfter: number;
  /** Passes in a row that make a check pass which failed. The very first answer counts at once, whatever it is. */
  readonly recoverAfter: number;
}

/** What every check can be told, whatever its kind. */
export interface CheckOptions extends Partial<Schedule> {
  /** The model that is not ready when the check fails. A model check is about one named like the check. */
  readonly model?: ModelName;
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
  /** A check of such a kind is about a model even where it is not told which. */
  readonly isAboutModel?: boolean;
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
  readonly isAboutModel: boolean;
  readonly model?: ModelName;
  open(): Reader<readonly Finding[]>;
}

/** Makes a kind callable: `systemCheck({ everyMs: 5000 })`. */
export function defineHealthCheck<Given extends object, Settings, Reading>(
  kind: HealthCheckKind<Given, Settings, Reading>,
) {
  const { type, answers, componentType, measurement, isAboutModel = false, schedule } = kind;
  const check = (given: Given & CheckOptions): HealthCheck => {
    const settings = kind.complete(given);
    return {
      type,
      componentType,
      measurement,
      isAboutModel: isAboutModel || given.model !== undefined,
      ...(given.model && { model: given.model }),
      everyMs: given.everyMs ?? schedule.everyMs,
      timeoutMs: given.timeoutMs ?? schedule.timeoutMs,
      affects: given.affects ?? schedule.affects,
      failAfter: given.failAfter ?? schedule.failAfter,
      recoverAfter: given.recoverAfter ?? schedule.recoverAfter,
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

/** The worst finding of a check. */
export function statusOf({ findings }: { readonly findings: readonly Finding[] }): HealthStatus {
  return worst(findings.map(({ status }) => status));
}

/** Why the findings are as bad as that. */
export function reasonsIn(findings: readonly Finding[], status: HealthStatus): readonly string[] {
  if (status === 'pass') return [];
  return findings
    .filter((finding) => finding.status === status)
    .map(({ measurement, output }) => output ?? measurement);
}

/** The worst of them; `pass` where there is none. */
export function worst(statuses: Iterable<HealthStatus>): HealthStatus {
  const seen = new Set(statuses);
  return seen.has('fail') ? 'fail' : seen.has('warn') ? 'warn' : 'pass';
}
