import { LEAST_REFERENCE_ROWS } from '../../drift/decision/least-rows.ts';
import { adjustForMany } from '../../drift/decision/benjamini-hochberg.ts';
import { fisherMore } from '../../drift/decision/fisher.ts';
import { type Dependence, inflationOf } from '../../drift/decision/inflation.ts';
import type { QualityFinding } from '../../measurement.ts';
import { checkFeature, checkRows } from '../constraints/check-constraint.ts';
import type { Checked, Constraint, Untold } from '../constraints/constraint.ts';
import { type QualityRuleName, qualityRules } from '../index.ts';
import type { FeatureEvidence, QualityComparison, QualityRule, Reading, RowEvidence } from '../quality-rule.ts';

export interface QualityQuestion extends Dependence {
  /** For each feature and output one, or one for each reference, the main one first: a rule takes the first that it can use. */
  readonly features: readonly FeatureEvidence[];
  readonly rows: RowEvidence;
  readonly modelRows: number;
  readonly rules: readonly string[];
  /** Declared shares, which replace the comparison with the reference. */
  readonly limits: Readonly<Partial<Record<QualityRuleName, number>>>;
  readonly margins: Readonly<Partial<Record<QualityRuleName, number>>>;
  readonly constraints: readonly Constraint[];
  /** The level that all tests of the window share. */
  readonly alpha: number;
  /** Fewer rows are not judged, but by `rows_at_least`. */
  readonly minRows: number;
}

/**
 * What is wrong with the data of one window. What a declared limit judges is a statement about the window and cannot be
 * a false alarm; what the reference judges is tested, all tests of a window at one level, and has to exceed a margin.
 * Rules that nothing violates and of which there is no share are left out.
 */
export function judgeQuality(question: QualityQuestion): readonly QualityFinding[] {
  const asked = [...askFeatures(question), ...askRows(question)];
  const adjusted = adjustForMany(asked.map(({ p }) => p ?? 1));
  const findings = asked.map((one, i) => ruleFinding(one, adjusted[i] ?? 1, question));
  return [
    ...findings.filter(({ ratio, state }) => ratio > 0 || state === 'violated'),
    ...question.constraints.flatMap((constraint) => constraintFindings(constraint, question)),
  ];
}

interface Asked {
  readonly rule: QualityRule;
  readonly subject: Pick<QualityFinding, 'role' | 'name'>;
  readonly reading: Reading;
  readonly referenceId: string | undefined;
  /** Of the exact test; absent where there is none, or too few rows for one. */
  readonly p?: number;
}

function askFeatures(question: QualityQuestion): readonly Asked[] {
  const subjects = [...Map.groupBy(question.features, ({ role, name }) => `${role} ${name}`).values()];
  return qualityRules.flatMap((rule: QualityRule) => {
    if (rule.about !== 'feature' || !question.rules.includes(rule.name)) return [];
    return subjects.flatMap((candidates) => {
      const asked = candidates.flatMap((evidence): Asked | readonly Asked[] => {
        const { role, name, referenceId } = evidence;
        const reading = rule.read(evidence);
        if (reading === undefined) return [];
        const p = isDeclared(rule, question) ? undefined : testOf(reading.comparison, evidence, question);
        return { rule, subject: { role, name }, reading, referenceId, ...(p !== undefined && { p }) };
      });
      return bestOf(asked) ?? [];
    });
  });
}

/** The first reference that a rule can be tested against, or else that has what it asks for. */
function bestOf(asked: readonly Asked[]): Asked | undefined {
  return (
    asked.find(({ p }) => p !== undefined) ?? asked.find(({ reading }) => reading.comparison !== undefined) ?? asked[0]
  );
}

function askRows({ rows, rules }: QualityQuestion): readonly Asked[] {
  return qualityRules.flatMap((rule: QualityRule) => {
    const reading = rule.about === 'rows' && rules.includes(rule.name) ? rule.read(rows) : undefined;
    return reading === undefined ? [] : [{ rule, subject: {}, reading, referenceId: rows.reference?.referenceId }];
  });
}

/** Undefined where there is nothing to test, or too little. */
function testOf(
  comparison: QualityComparison | undefined,
  { compared, dependence }: FeatureEvidence,
  question: QualityQuestion,
): number | undefined {
  if (comparison?.kind !== 'test' || compared === undefined) return undefined;
  const { hits, rows, part } = comparison;
  const phi = inflationOf(part, compared.reference, rows, { ...question, ...dependence });
  const isSufficient = rows.reference / phi >= LEAST_REFERENCE_ROWS && rows.current / phi >= question.minRows;
  return isSufficient ? fisherMore(hits, rows, phi) : undefined;
}

function isDeclared({ name, defaults }: QualityRule, { limits }: QualityQuestion): boolean {
  return limitOf(limits, name) !== undefined || defaults.limit !== undefined;
}

function ruleFinding(
  { rule, subject, reading, referenceId, p }: Asked,
  pAdjusted: number,
  question: QualityQuestion,
): QualityFinding {
  const { ratio, rows, detail, comparison } = reading;
  const said = { ...subject, rule: rule.name, ratio, rows, ...(detail !== undefined && { detail }) };
  const against = referenceId === undefined ? {} : { referenceId };
  if (rows < question.minRows) return { ...said, state: 'unjudged', why: `fewer than ${question.minRows} rows` };
  const declared = limitOf(question.limits, rule.name) ?? rule.defaults.limit;
  if (declared !== undefined) return { ...said, limit: declared, judgedBy: 'limit', state: stateOf(ratio > declared) };
  const margin = limitOf(question.margins, rule.name) ?? rule.defaults.margin;
  if (comparison?.kind === 'bound') {
    const limit = Math.min(1, comparison.limit + margin);
    return { ...said, limit, judgedBy: 'margin', ...against, state: stateOf(ratio > limit) };
  }
  if (comparison === undefined || p === undefined) {
    const wayOut = `set quality.limits.${rule.name} to judge it without`;
    const lack =
      comparison === undefined ? 'no reference to compare with' : 'too few rows to compare with the reference';
    return { ...said, state: 'unjudged', why: `${lack}; ${wayOut}` };
  }
  const limit = Math.min(1, comparison.hits.reference / comparison.rows.reference + margin);
  const isViolated = pAdjusted < question.alpha && ratio > limit;
  return { ...said, limit, judgedBy: 'reference', ...against, pAdjusted, state: stateOf(isViolated) };
}

function constraintFindings(constraint: Constraint, question: QualityQuestion): readonly QualityFinding[] {
  const { feature, output } = constraint;
  const name = feature ?? output;
  if (name === undefined) {
    return checkRows(constraint, question.modelRows, question.rows).map((result) => finding(result, {}, question));
  }
  const role = feature === undefined ? 'output' : 'feature';
  const evidence = question.features.find((one) => one.role === role && one.name === name);
  return checkFeature(constraint, evidence).map((result) => finding(result, { role, name }, question));
}

function finding(
  result: Checked | Untold,
  subject: Pick<QualityFinding, 'role' | 'name'>,
  { minRows }: QualityQuestion,
): QualityFinding {
  const said = { ...subject, rule: result.check, isDeclared: true as const };
  if ('why' in result) return { ...said, ratio: 0, rows: 0, state: 'unjudged', why: result.why };
  const { check, atLeast, atMost, limit, rows, detail } = result;
  const about = {
    ...said,
    ratio: atLeast,
    rows,
    limit,
    judgedBy: 'limit' as const,
    ...(detail !== undefined && { detail }),
  };
  if (rows < minRows && check !== 'rows_at_least') {
    return { ...about, state: 'unjudged', why: `fewer than ${minRows} rows` };
  }
  if (atLeast > limit) return { ...about, state: 'violated' };
  if (atMost <= limit) return { ...about, state: 'ok' };
  const why = `${percent(atLeast)} of the rows for certain and ${percent(atMost)} at most break it: ${check === 'in' ? 'categories without a name may be allowed ones' : 'the limit lies inside a bucket'}. Validate it in the service, or set violations_at_most`;
  return { ...about, upperRatio: atMost, state: 'unjudged', why };
}

function percent(ratio: number): string {
  return `${Number((100 * ratio).toPrecision(3))} %`;
}

function stateOf(isViolated: boolean): 'violated' | 'ok' {
  return isViolated ? 'violated' : 'ok';
}

function limitOf(limits: QualityQuestion['limits'], rule: string): number | undefined {
  const byName: Readonly<Record<string, number | undefined>> = limits;
  return Object.hasOwn(byName, rule) ? byName[rule] : undefined;
}
