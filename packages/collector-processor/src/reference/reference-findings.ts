import type { ReferenceFinding, ReferenceMeasurement } from '../evaluate/measurement.ts';
import { type Observations, usableRows } from '../evaluate/observations.ts';
import { subjectKey } from '../evaluate/subjects.ts';
import type { Comparable } from './model-references.ts';
import type { NamedReferences } from './named-references.ts';

export interface FindingInput {
  readonly reference: NamedReferences;
  /** What the window saw, as it was compared with the reference. */
  readonly compared: readonly (Comparable & { readonly observed: Observations })[];
  readonly windowEnd: number;
  /** Whether the window has rows enough to miss a feature in it. */
  readonly hasEnoughRows: boolean;
  /** Some features are ignored, and latency is no property of the data. */
  readonly isJudged: (subject: Pick<Observations, 'role' | 'name'>) => boolean;
  readonly maxAgeMs: number | undefined;
}

/** What is wrong between a reference and the traffic, or with the reference itself. */
export function referenceMeasurement(input: FindingInput): ReferenceMeasurement {
  const { name, id, createdAt, rows } = input.reference;
  return {
    name,
    id,
    ...(createdAt !== undefined && { createdAt }),
    ...(rows !== undefined && { rows }),
    findings: findingsOf(input),
  };
}

/** For the log: a finding that is said once for each model and reference. */
export function noticeOf(model: string, { name, id }: ReferenceMeasurement, { message, features }: ReferenceFinding) {
  const about = features.length === 0 ? '' : ` ${listed(features)}`;
  return `model ${model}, reference ${name}${id === '' ? '' : ` (${id})`}: ${message}${about}`;
}

function findingsOf({ reference, compared, windowEnd, hasEnoughRows, isJudged, maxAgeMs }: FindingInput) {
  const { at, createdAt } = reference;
  const { subjects, drifted, learning } = at.window;
  if (learning !== undefined)
    return [{ ...finding('learning', [], `no results yet, it needs ${learning.needs}`), progress: learning.has }];
  // A reference that is still being made knows nothing by itself.
  if (subjects === undefined) return [];
  const usable = compared.filter(({ observed }) => usableRows(observed) > 0);
  const problems = ['missing_in_reference', 'kind_changed', 'no_common_buckets', 'too_few_periods'] as const;
  const seen = new Set(compared.map(({ observed }) => subjectKey(observed)));
  const unseen = hasEnoughRows ? subjects.filter((subject) => isJudged(subject) && !seen.has(subjectKey(subject))) : [];
  const isOld = maxAgeMs !== undefined && createdAt !== undefined && windowEnd - createdAt > maxAgeMs;
  const driftedNames = (drifted?.subjects ?? []).map((key) => key.slice(key.indexOf(' ') + 1));
  return [
    ...problems.flatMap((problem) => {
      const names = usable.filter((one) => one.problem === problem).map(({ observed }) => observed.name);
      return names.length === 0 ? [] : [finding(problem, names, messages[problem])];
    }),
    ...(unseen.length === 0
      ? []
      : [
          finding(
            'missing_in_traffic',
            unseen.map(({ name }) => name),
            messages.missing_in_traffic,
          ),
        ]),
    ...(driftedNames.length === 0
      ? []
      : [
          drifted?.isLeftOut === true
            ? finding('drift_left_out', driftedNames, messages.drift_left_out)
            : finding('drift_in_reference', driftedNames, messages.drift_in_reference),
        ]),
    ...(isOld ? [finding('too_old', [], messages.too_old)] : []),
  ];
}

const messages = {
  missing_in_reference: 'features that it does not know are not judged; build or capture a new one:',
  kind_changed: 'features are of another kind now (numeric, categorical, embedding), and are not judged:',
  no_common_buckets: 'features are counted on other buckets now, and are not judged; capture a new one:',
  too_few_periods: 'features were seen in too few earlier periods to be judged:',
  missing_in_traffic: 'features that it knows are not sent:',
  drift_in_reference: 'rows that were judged drift are part of it now:',
  drift_left_out: 'rows that were judged drift are left out of it:',
  too_old: 'it is older than max_reference_age; build or capture a new one.',
} as const;

function finding(name: ReferenceFinding['finding'], features: readonly string[], message: string): ReferenceFinding {
  return { finding: name, features: [...new Set(features)].toSorted().slice(0, MOST_NAMES), message };
}

const MOST_NAMES = 100;

function listed(names: readonly string[]): string {
  const first = names.slice(0, 5).map((name) => JSON.stringify(name));
  return names.length > first.length ? `${first.join(', ')} and ${names.length - first.length} more` : first.join(', ');
}
