import { LEAST_REFERENCE_ROWS, LEAST_ROWS } from './least-rows.ts';
import type { FeatureReference } from '@driftline/sketches';
import type { DriftPart, DriftState, JudgedBy } from '../../measurement.ts';
import { adjustForMany } from './benjamini-hochberg.ts';
import type { Bin } from './bins.ts';
import { detectableSize } from './detectable-size.ts';
import { compareCounts, type ComparedFeature, type CurrentCounts, rowsOf } from './feature-counts.ts';
import { type FixedLimits, isReached, type LimitReading, readLimits } from './fixed-limit.ts';
import { type Dependence, inflationOf, isCalibrated } from './inflation.ts';
import { judgedBy } from './judged-by.ts';
import { DISTRIBUTION_FLOOR, type Part, partsOf } from './parts.ts';
import { type Floor, noDifference, type PartTest } from './part-test.ts';
import { type ReportedScores, reportedScores } from './reported-scores.ts';
import { stateOf } from './state.ts';

export interface JudgedFeature {
  readonly name: string;
  /** Undefined where the model has none. */
  readonly reference: FeatureReference | undefined;
  readonly current: CurrentCounts;
  /** Of the distribution; who must catch a category that moves by five points sets 0.1. */
  readonly floor?: Floor;
  /** Of the user's: where one of them reads this feature, it decides about the distribution in place of the test. */
  readonly limits?: FixedLimits | undefined;
  /** Of this feature, instead of that of the whole judgement. */
  readonly dependence?: Dependence | undefined;
}

export interface Judgement extends Dependence {
  /** All features and outputs of one model: they share the level. */
  readonly features: readonly JudgedFeature[];
  /** The level for this horizon of this window, from `alphaOf`. */
  readonly alpha: number;
  /** Independent rows that a window needs; 100 by default. */
  readonly minRows?: number;
  /** Names of the drift methods to report; none by default. */
  readonly methods?: readonly string[] | undefined;
}

export interface PartVerdict extends PartTest {
  readonly part: DriftPart;
  readonly state: DriftState;
  /** From this size on it is drift. */
  readonly threshold: number;
  readonly pAdjusted: number;
  /** The fixed limit that decided; `size` and `threshold` are its. */
  readonly limit?: LimitReading;
}

/** The fields of `PartVerdict` are those of the part that decided. */
export interface FeatureVerdict extends PartVerdict, ReportedScores {
  readonly name: string;
  readonly kind: CurrentCounts['kind'];
  /** Rows of the window with a usable value. */
  readonly rows: number;
  /** The smallest shift of the distribution that this many rows would show in four of five cases. */
  readonly detectableSize: number;
  readonly phi: number;
  readonly calibrated: boolean;
  readonly judgedBy: JudgedBy;
  readonly parts: readonly PartVerdict[];
}

const NO_ROWS: Bin = { reference: 0, current: 0 };

/** The decision on one window of one model: the same for the service and for `driftline compare`. */
export function judge(judgement: Judgement): FeatureVerdict[] {
  const examined = judgement.features.map((feature) => examine(feature, judgement));
  const tested = examined.flatMap(({ parts }) => parts).filter(isTested);
  const adjusted = adjustForMany(tested.map(({ test }) => test.p));
  const pAdjustedOf = new Map<ExaminedPart, number>(tested.map((part, i) => [part, adjusted[i] ?? 1]));

  return examined.map(({ feature, compared, parts }) => {
    const floor = feature.floor ?? DISTRIBUTION_FLOOR;
    const verdicts = parts.map((part) => partVerdict(part, pAdjustedOf.get(part) ?? 1, judgement.alpha));
    const rows = compared === undefined ? NO_ROWS : rowsOf(compared);
    const phi = parts[0]?.phi ?? 1;
    const deciding = decidingPart(verdicts) ?? unjudged('distribution', 'no_reference', floor);
    return {
      name: feature.name,
      kind: feature.current.kind,
      ...deciding,
      rows: rows.current,
      detectableSize: detectableSize({
        rows,
        hypotheses: tested.length,
        alpha: judgement.alpha,
        phi,
        floor: floor.drift,
      }),
      phi,
      calibrated: compared !== undefined && isCalibrated(compared.reference, feature.dependence ?? judgement),
      ...reportedScores(compared, { phi, methods: judgement.methods }),
      judgedBy: judgedBy({ ...feature, ...deciding, limit: deciding.limit, compared, phi }),
      parts: verdicts,
    };
  });
}

interface ExaminedPart extends Pick<Part, 'part' | 'floor'> {
  readonly phi: number;
  /** Undefined where there are too few rows; such a part is no hypothesis. */
  readonly test: PartTest | undefined;
  /** Decides in place of the test, which then is no hypothesis. */
  readonly limit: LimitReading | undefined;
}

interface ExaminedFeature {
  readonly feature: JudgedFeature;
  /** Undefined without a reference on the same buckets. */
  readonly compared: ComparedFeature | undefined;
  readonly parts: readonly ExaminedPart[];
}

function examine(feature: JudgedFeature, judgement: Judgement): ExaminedFeature {
  const compared = feature.reference && compareCounts(feature.reference, feature.current);
  if (compared === undefined) return { feature, compared, parts: [] };
  const minRows = judgement.minRows ?? LEAST_ROWS;
  const parts = partsOf(compared, feature.floor ?? DISTRIBUTION_FLOOR).map(({ part, floor, rows, test }) => {
    const phi = inflationOf(part, compared.reference, rows, feature.dependence ?? judgement);
    const isSufficient = rows.reference / phi >= LEAST_REFERENCE_ROWS && rows.current / phi >= minRows;
    const isLimited = isSufficient && part === 'distribution' && feature.limits !== undefined;
    const limit = isLimited ? readLimits(compared, feature.limits, phi) : undefined;
    return { part, floor, phi, test: isSufficient ? test(phi) : undefined, limit };
  });
  return { feature, compared, parts };
}

function isTested(part: ExaminedPart): part is ExaminedPart & { readonly test: PartTest } {
  return part.test !== undefined && part.limit === undefined;
}

function partVerdict({ part, floor, test, limit }: ExaminedPart, pAdjusted: number, alpha: number): PartVerdict {
  if (test === undefined) return unjudged(part, 'insufficient_data', floor);
  if (limit !== undefined) return limitVerdict(part, limit, test);
  const state = stateOf(test, pAdjusted, alpha, floor);
  const { p, size } = test;
  const direction = state === 'ok' ? noDifference.direction : test.direction;
  return { part, state, p, pAdjusted, size, threshold: floor.drift, direction };
}

/** The p-value is that of the budgeted test, for whoever wants to know whether chance explains it; nothing rests on it. */
function limitVerdict(part: DriftPart, limit: LimitReading, { p, direction }: PartTest): PartVerdict {
  const state = isReached(limit) ? 'drift' : 'ok';
  return {
    part,
    state,
    p,
    pAdjusted: p,
    size: limit.score,
    threshold: limit.at,
    direction: state === 'ok' ? noDifference.direction : direction,
    limit,
  };
}

function unjudged(part: DriftPart, state: DriftState, floor: Floor): PartVerdict {
  return { ...noDifference, part, state, threshold: floor.drift, pAdjusted: 1 };
}

/** The worst part that saw a change; without one the distribution speaks for the feature, untested or not. */
function decidingPart(parts: readonly PartVerdict[]): PartVerdict | undefined {
  return parts.find(({ state }) => state === 'drift') ?? parts.find(({ state }) => state === 'warning') ?? parts[0];
}
