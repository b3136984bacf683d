import { z } from 'zod';
import { type QualityRuleName, qualityRules } from '../evaluate/data-quality/index.ts';
import type { QualityRule } from '../evaluate/data-quality/quality-rule.ts';
import { anyNumber, choice, count, flag, positive, share, text } from './scalars.ts';
import { complaint, list, section } from './section.ts';

const rules: readonly QualityRule[] = qualityRules;
const ruleNames = qualityRules.map(({ name }) => name);

/** A share for some of the rules. Their names stay as they are written: results have them too. */
function byRule(brief: (rule: QualityRule) => string) {
  return z.strictObject(shareOfEach(brief), {
    error: (issue) =>
      issue.code === 'unrecognized_keys'
        ? issue.keys.map((key) => complaint(key, ruleNames)).join('\n')
        : `must be a mapping from rules to shares of rows; known: ${ruleNames.join(', ')}`,
  });
}

type OptionalShare = z.ZodExactOptional<ReturnType<typeof share>>;

function shareOfEach(brief: (rule: QualityRule) => string): Readonly<Record<QualityRuleName, OptionalShare>>;
function shareOfEach(brief: (rule: QualityRule) => string): Readonly<Record<string, OptionalShare>> {
  return Object.fromEntries(rules.map((rule) => [rule.name, share(brief(rule)).exactOptional()]));
}

export const qualityShape = {
  correlation: flag('Judge how features go together too, with a tenth of the false alarms.').prefault(true),
  rules: list(choice(ruleNames, 'Read in every window, published once violated.'), 'rules').prefault([...ruleNames]),
  limits: byRule(({ asks }) => `${asks} Violated above this share, whatever the reference has.`).prefault({}),
  margins: byRule(({ asks }) => `${asks} So much above the reference is tolerated.`).prefault({}),
  false_alarms_per_month: positive(
    'Accepted for each model from rules that the reference judges, beside those of drift.',
    {
      most: 1_000,
    },
  ).prefault(0.1),
};

const categories = list(text('A category.'), 'categories').min(1, 'must name at least one category');

/** Keys in the order in which problems should be named. */
const valueChecks = ['min', 'max', 'in', 'missing_at_most', 'distinct_at_most', 'distinct_at_least'] as const;
const rowChecks = ['rows_at_least', 'duplicates_at_most'] as const;

const constraint = section({
  feature: text('The feature it is about.').exactOptional(),
  output: text('The output it is about.').exactOptional(),
  min: anyNumber('No value is below it.').exactOptional(),
  max: anyNumber('No value is above it.').exactOptional(),
  in: categories.exactOptional(),
  violations_at_most: share('The share of rows that may break min, max or in; none without it.').exactOptional(),
  missing_at_most: share('The share of rows that may lack a value.').exactOptional(),
  distinct_at_most: count('So many values may differ; needs senders that count them.').exactOptional(),
  distinct_at_least: count('So many values must differ; needs senders that count them.').exactOptional(),
  rows_at_least: count('Rows that a window must have.').exactOptional(),
  duplicates_at_most: share('The share of rows that may be repeated; needs senders that count them.').exactOptional(),
}).superRefine((written, context) => {
  const refuse = (key: string, message: string) => context.addIssue({ code: 'custom', path: [key], message });
  const { feature, output, min, max } = written;
  const isWritten = (key: string) =>
    Object.hasOwn(
      written,
      key.replaceAll(/_(\w)/g, (_, letter: string) => letter.toUpperCase()),
    );
  const values = valueChecks.filter(isWritten);
  const rows = rowChecks.filter(isWritten);
  const hasSubject = feature !== undefined || output !== undefined;
  if (feature !== undefined && output !== undefined)
    refuse('output', 'stands beside feature; write a constraint for each');
  for (const key of hasSubject ? rows : []) refuse(key, 'is about whole rows; write it without feature and output');
  for (const key of hasSubject ? [] : values) refuse(key, 'needs a feature or an output that it is about');
  if (values.length + rows.length === 0) {
    context.addIssue({
      code: 'custom',
      path: [],
      message: `checks nothing; add one of ${[...valueChecks, ...rowChecks].join(', ')}`,
    });
  }
  if (min !== undefined && max !== undefined && min > max) refuse('min', `must not be above max, which is ${max}`);
  if (isWritten('in') && (min !== undefined || max !== undefined)) {
    refuse('in', 'is for categories, min and max are for numbers; keep one of them');
  }
  const { violationsAtMost, distinctAtLeast, distinctAtMost } = written;
  if (violationsAtMost !== undefined && !['min', 'max', 'in'].some(isWritten)) {
    refuse('violations_at_most', 'needs min, max or in, which it tolerates');
  }
  if (distinctAtLeast !== undefined && distinctAtMost !== undefined && distinctAtLeast > distinctAtMost) {
    refuse('distinct_at_least', `must not be above distinct_at_most, which is ${distinctAtMost}`);
  }
});

export const constraints = list(constraint, 'constraints such as { feature: age, min: 0 }').prefault([]).meta({
  description: 'What must hold of the data of this model in every window.',
});
