import { otherCategory } from '@driftline/sketches';
import { describeError, faults } from './faults.ts';
import type { FeatureRow } from './call-mappers.ts';
import { isRecord } from './is-record.ts';
import type { SchemaLike } from './features.ts';

export type Validate = 'count' | 'refuse' | 'off';

/** What a schema complained of in one row: kinds by feature. Complaints about the whole row are under `_other`. */
export type RowViolations = ReadonlyMap<string, ReadonlySet<string>>;

/** Thrown to the caller before the model runs, where `validate: 'refuse'` asks for it. Names no value. */
export class InvalidFeaturesError extends TypeError {
  override readonly name = 'InvalidFeaturesError';
  readonly code = 'INVALID_FEATURES';
  /** Kinds of complaints by feature: { age: ['invalid_type'] }. */
  readonly violations: Readonly<Record<string, readonly string[]>>;

  constructor(model: string, violations: RowViolations) {
    const named = [...violations].map(([feature, types]) => `${feature} (${[...types].join(', ')})`);
    super(`the features of "${model}" do not match their schema: ${named.join(', ')}. The model was not asked.`);
    this.violations = Object.fromEntries([...violations].map(([feature, types]) => [feature, [...types]]));
  }
}

interface Outcome {
  readonly rows: number;
  readonly invalid: readonly RowViolations[];
}

type ValidateRow = (row: unknown) => unknown;

/** Checks rows by the Standard Schema of their features. What it transforms is thrown away: the model gets its row. */
export class SchemaCheck {
  readonly #model: string;
  readonly #validate: ValidateRow;
  readonly #isFeature: (name: string) => boolean;
  readonly refuses: boolean;

  private constructor(model: string, validate: ValidateRow, isFeature: (name: string) => boolean, refuses: boolean) {
    this.#model = model;
    this.#validate = validate;
    this.#isFeature = isFeature;
    this.refuses = refuses;
  }

  /** Undefined where the schema only describes, or nobody wants it checked. */
  static of(
    model: string,
    schema: SchemaLike,
    {
      validate = 'count',
      isFeature,
    }: { readonly validate?: Validate | undefined; readonly isFeature: (name: string) => boolean },
  ): SchemaCheck | undefined {
    const standard = schema['~standard'];
    if (validate === 'off' || !('validate' in standard) || typeof standard.validate !== 'function') return undefined;
    const { validate: run } = standard;
    return new SchemaCheck(model, (row) => Reflect.apply(run, standard, [row]), isFeature, validate === 'refuse');
  }

  /**
   * `counted` hears of the rows: at once or, of a schema that is asynchronous, when it has answered. Gives the error to
   * throw where rows are to be refused; an asynchronous schema cannot, since nothing here waits.
   */
  check(
    rows: FeatureRow | readonly FeatureRow[],
    counted: (outcome: Outcome) => void,
  ): InvalidFeaturesError | undefined {
    const results = (isBatch(rows) ? rows : [rows]).map((row) => this.#result(row));
    if (results.some((result) => result instanceof Promise)) {
      this.#countLater(results, counted);
      return undefined;
    }
    const outcome = this.#outcomeOf(results);
    counted(outcome);
    const [first] = outcome.invalid;
    return this.refuses && first !== undefined ? new InvalidFeaturesError(this.#model, first) : undefined;
  }

  #countLater(results: readonly unknown[], counted: (outcome: Outcome) => void): void {
    if (this.refuses) {
      const message = `the schema of "${this.#model}" is asynchronous: rows are counted, and none is refused. Use a synchronous one, or validate: 'count'.`;
      faults.sayOnce(`${this.#model}/schema-async`, message);
    }
    const settled = results.map((result) => Promise.resolve(result).catch((error: unknown) => this.#complain(error)));
    Promise.all(settled)
      .then((answers) => counted(this.#outcomeOf(answers)))
      .catch((error: unknown) => this.#complain(error));
  }

  /** Undefined where the schema fails: that says nothing of the row, which is counted neither way. */
  #result(row: FeatureRow): unknown {
    try {
      return this.#validate(row);
    } catch (error) {
      return this.#complain(error);
    }
  }

  #outcomeOf(results: readonly unknown[]): Outcome {
    const answers = results.filter((result) => result !== undefined);
    return { rows: answers.length, invalid: answers.flatMap((one) => this.#violationsOf(one) ?? []) };
  }

  #violationsOf(result: unknown): RowViolations | undefined {
    const issues: unknown = isRecord(result) ? result.issues : undefined;
    if (!Array.isArray(issues) || issues.length === 0) return undefined;
    const violations = new Map<string, Set<string>>();
    for (const issue of issues.slice(0, MOST_ISSUES)) {
      const feature = this.#featureOf(issue);
      const types = violations.get(feature) ?? new Set();
      violations.set(feature, types.add(typeOf(issue)));
    }
    return violations;
  }

  /** The first step of the path; names that nobody declared come from whoever asked, and stay here. */
  #featureOf(issue: unknown): string {
    const path: unknown = isRecord(issue) ? issue.path : undefined;
    const first: unknown = isRecord(path) && 0 in path ? path[0] : undefined;
    const key = isRecord(first) && 'key' in first ? first.key : first;
    return typeof key === 'string' && this.#isFeature(key) ? key : otherCategory;
  }

  #complain(error: unknown): undefined {
    const message = `the schema of "${this.#model}" threw ${describeError(error)}: such rows are not validated.`;
    faults.count({ stage: 'features', model: this.#model, topic: 'schema', message });
    return undefined;
  }
}

const MOST_ISSUES = 100;

function isBatch(rows: FeatureRow | readonly FeatureRow[]): rows is readonly FeatureRow[] {
  return Array.isArray(rows);
}

/** What libraries call the kind of a complaint: `code` in zod and arktype, `type` in valibot. Messages hold values. */
function typeOf(issue: unknown): string {
  const named: unknown = isRecord(issue) ? (issue.code ?? issue.type) : undefined;
  return typeof named === 'string' && /^[a-z][\w.]{0,31}$/i.test(named) ? named : 'invalid';
}
