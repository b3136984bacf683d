import { LEAST_REFERENCE_ROWS } from './evaluate/drift/decision/least-rows.ts';
import { HOUR_MS } from './durations.ts';
import type { FeatureReference, ReferenceProfile } from '@driftline/sketches';
import { median } from 'simple-statistics';
import { alphaOf, horizonsOf } from './evaluate/drift/decision/budget.ts';
import { detectableSize } from './evaluate/drift/decision/detectable-size.ts';
import { type Delay, expectedDelay, type Look } from './evaluate/drift/decision/expected-delay.ts';
import { inflationOf, isCalibrated } from './evaluate/drift/decision/inflation.ts';
import { knownDesignEffect } from './evaluate/drift/decision/overdispersion.ts';
import { LATENCY } from './evaluate/judged-subject.ts';
import type { Horizon } from './evaluate/measurement.ts';
import { levelsOf } from './evaluate/multivariate/multivariate.ts';
import { SHARE_OF_WHOLE } from './evaluate/segment-measurements.ts';
import { referenceSources } from './reference/reference-sources.ts';
import type { ModelSettings } from './settings.ts';

/** What `false_alarms_per_month` means for one model. */
export interface BudgetExplanation {
  /** Undefined: every model that the settings do not name. */
  readonly model: string | undefined;
  readonly falseAlarmsPerMonth: number;
  readonly windowMs: number;
  /** Where the reference's rows and hypotheses come from. */
  readonly reference: 'profile' | 'assumed';
  readonly referenceRows: number;
  /** Judged side by side; they share the level. */
  readonly references: number;
  readonly hypotheses: number;
  /** Whether rows that depend on each other are accounted for. */
  readonly calibrated: boolean;
  /** Of a window's features, and of the hour's where it is judged too: what segments and correlations have is taken off. */
  readonly levels: readonly { readonly horizon: Horizon; readonly window: number; readonly test: number }[];
  readonly traffic: readonly TrafficExplanation[];
}

/** At so many rows a window. */
export interface TrafficExplanation {
  readonly rows: number;
  /** The smallest shift that is found in four of five windows, and hours; undefined where there are too few rows. */
  readonly detectable: readonly { readonly horizon: Horizon; readonly sd: number | undefined }[];
  readonly delays: readonly (Delay & { readonly shift: number })[];
}

const SHIFTS = [0.25, 0.3, 0.5];
/** Of a model whose features nobody has seen yet. */
const ASSUMED = { features: 20, partsOfOne: 3, rows: 10_000 };

/** Three hours of five-minute windows, or as many longer ones. */
export const LONGEST_DELAY = 36;

export function explainBudget(
  model: string | undefined,
  settings: ModelSettings,
  profile: ReferenceProfile | undefined,
): BudgetExplanation {
  const { drift, window } = settings;
  const known = profile === undefined ? [] : judgedReferences(profile, settings);
  const hypotheses =
    known.length === 0
      ? ASSUMED.features * ASSUMED.partsOfOne
      : known.reduce((sum, { kind }) => sum + (kind === 'numeric' ? 3 : 2), 0);
  const horizons = judgedHorizons(settings);
  const sources = referenceSources(settings.reference);
  const { features: perWindow } = levelsOf(
    (hasSegments(settings, profile) ? SHARE_OF_WHOLE : 1) *
      alphaOf({
        falseAlarmsPerMonth: drift.falseAlarmsPerMonth,
        stepMs: window.every,
        horizons: horizons.length * sources.length,
      }),
    hasCorrelations(settings, profile),
  );
  const typical = typicalFeature(settings, profile, known);
  const traffic = [...new Set([window.minRows, 1000, 10_000])].toSorted((a, b) => a - b);
  return {
    model,
    falseAlarmsPerMonth: drift.falseAlarmsPerMonth,
    windowMs: window.every,
    reference: known.length === 0 ? 'assumed' : 'profile',
    referenceRows: typical.rows,
    references: sources.length,
    hypotheses,
    calibrated: typical.calibrated,
    levels: horizons.map((horizon) => ({ horizon, window: perWindow, test: perWindow / hypotheses })),
    traffic: traffic.map((rows) => explainTraffic(rows)),
  };

  function explainTraffic(rows: number): TrafficExplanation {
    const looks = horizons.map((horizon): Look => {
      const current = horizon === 'window' ? rows : (rows * HOUR_MS) / window.every;
      const both = { reference: typical.rows, current };
      const phi = typical.phi(current);
      const isJudged = typical.rows / phi >= LEAST_REFERENCE_ROWS && current / phi >= window.minRows;
      return { horizon, rows: both, phi, isJudged, level: perWindow / hypotheses };
    });
    const floor = drift.floor.drift;
    return {
      rows,
      detectable: looks.map(({ horizon, rows, phi, isJudged }) => ({
        horizon,
        sd: isJudged ? detectableSize({ rows, hypotheses, alpha: perWindow, phi, floor }) : undefined,
      })),
      delays: SHIFTS.map((shift) => ({
        shift,
        ...expectedDelay({ shift, looks, floor, windowsInAnHour: HOUR_MS / window.every, most: LONGEST_DELAY }),
      })),
    };
  }
}

/** A reference made of traffic will have what the senders tell it. */
function hasSegments({ segments, reference }: ModelSettings, profile: ReferenceProfile | undefined): boolean {
  const isTraffic = profile === undefined || isMoving(reference);
  return segments.some((name) => isTraffic || profile.segments?.[name] !== undefined);
}

function hasCorrelations({ quality, reference }: ModelSettings, profile: ReferenceProfile | undefined): boolean {
  return quality.correlation && (profile === undefined || profile.coMoments !== undefined || isMoving(reference));
}

function isMoving(reference: ModelSettings['reference']): boolean {
  return referenceSources(reference).some(({ kind }) => kind === 'previous' || kind === 'seasonal');
}

function judgedHorizons({ drift, window }: ModelSettings): readonly Horizon[] {
  const wanted = horizonsOf(window.every).filter((horizon) => drift.horizons.includes(horizon));
  return wanted.length === 0 ? ['window'] : wanted;
}

function judgedReferences({ features, outputs }: ReferenceProfile, settings: ModelSettings): FeatureReference[] {
  const isJudged = (name: string) => settings.features[name]?.ignore !== true;
  return [
    ...Object.entries(features).filter(([name]) => isJudged(name)),
    ...Object.entries(outputs).filter(([name]) => name !== LATENCY && isJudged(name)),
  ].map(([, reference]) => reference);
}

interface TypicalFeature {
  readonly rows: number;
  readonly calibrated: boolean;
  /** Of a window or hour of so many rows. */
  readonly phi: (current: number) => number;
}

/** Half of the features have more rows, and half depend more. */
function typicalFeature(
  { drift, reference }: ModelSettings,
  profile: ReferenceProfile | undefined,
  known: readonly FeatureReference[],
): TypicalFeature {
  const designEffect = knownDesignEffect(drift);
  if (profile === undefined || known.length === 0) {
    const [source] = referenceSources(reference);
    const rows = source?.kind === 'capture' ? source.rows : ASSUMED.rows;
    return { rows, calibrated: designEffect !== undefined, phi: () => designEffect ?? 1 };
  }
  const dependence = { calibration: profile.calibration, designEffect };
  const rows = median(known.map(({ missing }) => profile.rows - missing));
  return {
    rows,
    calibrated: known.every((one) => isCalibrated(one, dependence)),
    phi: (current) =>
      median(known.map((one) => inflationOf('distribution', one, { reference: rows, current }, dependence))),
  };
}
