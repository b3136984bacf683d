import type { NamedReferences } from '../reference/named-references.ts';
import type { ModelSettings } from '../settings.ts';
import { evidenceOf, withMostRows } from './data-quality/judgement/evidence.ts';
import { judgeQuality, type QualityQuestion } from './data-quality/judgement/judge-quality.ts';
import { noQualityCounts, type QualityCounts, schemaEvidence } from './data-quality/judgement/quality-counts.ts';
import type { FeatureEvidence, RepeatedRows } from './data-quality/quality-rule.ts';
import { alphaOf } from './drift/decision/budget.ts';
import { compareCounts } from './drift/decision/feature-counts.ts';
import { knownDesignEffect } from './drift/decision/overdispersion.ts';
import { isJudged } from './judged-subject.ts';
import type { FeatureMeasurement, Horizon, QualityFinding } from './measurement.ts';
import { type Observations, sumOf, totalRows } from './observations.ts';

export interface QualityInput {
  readonly windowStart: number;
  readonly windowEnd: number;
  readonly observations: Readonly<Partial<Record<Horizon, readonly Observations[]>>>;
  /** Those that are judged, the shortest first. */
  readonly horizons: readonly Horizon[];
  /** What senders counted in the window beside distributions. */
  readonly quality?: QualityCounts;
  /** The main one first. */
  readonly references: readonly NamedReferences[];
  readonly settings: ModelSettings;
}

export interface WindowQuality {
  /** What the window says by itself. */
  readonly ofWindow: readonly QualityFinding[];
  /** The same, and in place of what it is not sure of what the hour is. */
  readonly told: readonly QualityFinding[];
}

/** Limits are about the window; what is tested against a reference is tested in the hour as well, for a part of the level. */
export function windowQuality(input: QualityInput): WindowQuality {
  const ofWindow = judgeQuality(questionOf(input, 'window'));
  if (!input.horizons.includes('1h')) return { ofWindow, told: ofWindow };
  const ofHour = judgeQuality({
    ...questionOf({ ...input, quality: noQualityCounts }, '1h'),
    constraints: [],
  }).filter(({ judgedBy, name }) => judgedBy === 'reference' && name !== undefined);
  return { ofWindow, told: withHour(ofWindow, ofHour) };
}

function withHour(ofWindow: readonly QualityFinding[], ofHour: readonly QualityFinding[]): readonly QualityFinding[] {
  const inHour = new Map(ofHour.map((finding) => [keyOf(finding), { ...finding, horizon: '1h' as const }]));
  const spokenFor = new Set<string>();
  const told = ofWindow.map((finding): QualityFinding => {
    const hour = inHour.get(keyOf(finding));
    if (hour === undefined || finding.isDeclared === true) return finding;
    spokenFor.add(keyOf(finding));
    const isSurer = finding.state === 'unjudged' || (finding.state === 'ok' && hour.state === 'violated');
    return isSurer ? hour : finding;
  });
  // Of a rule that the window itself has no share of.
  const others = [...inHour].filter(([key, { state }]) => state === 'violated' && !spokenFor.has(key));
  return [...told, ...others.map(([, finding]) => finding)];
}

function keyOf({ role, name, rule }: QualityFinding): string {
  return `${role} ${rule} ${name}`;
}

function questionOf(
  { observations, quality = noQualityCounts, references, settings, horizons, ...input }: QualityInput,
  horizon: Horizon,
): QualityQuestion {
  const observed = observations[horizon] ?? [];
  const modelRows = totalRows(observed);
  const { rules, limits, margins, falseAlarmsPerMonth } = settings.quality;
  const stepMs = input.windowEnd - input.windowStart;
  return {
    features: withMostRows(observed)
      .filter((one) => isJudged(one, settings))
      .flatMap((one) => evidencesOf(one, references, { horizon, quality, settings, modelRows })),
    rows: { compared: quality.compared, validated: quality.validated, reference: repeatedRows(references, horizon) },
    modelRows,
    rules,
    limits,
    margins,
    constraints: settings.constraints,
    alpha: alphaOf({ falseAlarmsPerMonth, stepMs, horizons: horizons.length }),
    minRows: settings.window.minRows,
    designEffect: knownDesignEffect(settings.drift),
  };
}

/** Against each reference in use; without any, what the window says by itself. */
function evidencesOf(
  observed: Observations,
  references: readonly NamedReferences[],
  {
    horizon,
    quality,
    settings,
    modelRows,
  }: {
    readonly horizon: Horizon;
    readonly quality: QualityCounts;
    readonly settings: ModelSettings;
    readonly modelRows: number;
  },
): readonly FeatureEvidence[] {
  const counted = {
    modelRows,
    distinct: observed.role === 'feature' ? quality.distinct.get(observed.name) : undefined,
    schema: schemaEvidence(quality, observed),
  };
  const designEffect = knownDesignEffect(settings.drift);
  const against = references.flatMap(({ at }) => {
    const { calibration } = at[horizon];
    const { reference, current, dependence, referenceId } = at[horizon].compare(observed);
    const compared = reference && compareCounts(reference, current);
    if (compared === undefined) return [];
    return evidenceOf(observed, compared, {
      ...counted,
      referenceId,
      dependence: { calibration, ...dependence, designEffect },
    });
  });
  return against.length > 0 ? against : [evidenceOf(observed, undefined, counted)];
}

function repeatedRows(references: readonly NamedReferences[], horizon: Horizon): RepeatedRows | undefined {
  const known = references.find(({ at }) => at[horizon].repeatedRows !== undefined);
  const counted = known?.at[horizon].repeatedRows;
  return counted && { ...counted, referenceId: known?.id };
}

/** Of a segment rules are read, and not judged. */
export function sharesOf(
  statuses: ReadonlyMap<string, number>,
  rules: readonly string[],
): FeatureMeasurement['violations'] {
  const rows = sumOf(statuses.values());
  return Object.fromEntries(
    rules.flatMap((rule) => {
      const violating = statuses.get(rule) ?? 0;
      return violating > 0 ? [[rule, violating / rows]] : [];
    }),
  );
}
