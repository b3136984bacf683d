import type { FeatureVerdict, SegmentComparison, timesItsLimit } from '@driftline/collector-processor/compare';
import { coloured, judgementCells, judgementHeading } from './judgement-cells.ts';
import { inThousands, percent, printable, table } from './table.ts';

type TimesItsLimit = typeof timesItsLimit;

/** Of each segment what moved, or what moved most; of one that was not judged, why. */
export function segmentTable(segments: readonly SegmentComparison[], timesItsLimit: TimesItsLimit): string {
  const heading = ['segment', 'share', 'was', 'feature', ...judgementHeading];
  const lines = segments.flatMap((segment) => {
    const { name, value, share, referenceShare } = segment;
    const about = [printable(`${name}=${value}`), percent(share), percent(referenceShare)];
    const shown = worthShowing(segment, timesItsLimit);
    return shown.length === 0
      ? [[...about, '', ...unjudged(segment)]]
      : shown.map((feature) => [...about, printable(feature.name), ...judgementCells(feature)]);
  });
  const drifted = segments.filter(({ state }) => state === 'drift').length;
  const verdict = drifted === 0 ? 'no drift' : `${drifted} drifted`;
  return `${table([heading, ...lines])}\n\n${segments.length} segments: ${verdict}`;
}

function worthShowing({ features, state }: SegmentComparison, timesItsLimit: TimesItsLimit): readonly FeatureVerdict[] {
  if (state === 'no_reference' || state === 'insufficient_data') return [];
  const largestFirst = features.toSorted((one, other) => timesItsLimit(other) - timesItsLimit(one));
  const moved = largestFirst.filter(({ state }) => state === 'drift' || state === 'warning');
  return moved.length === 0 ? largestFirst.slice(0, 1) : moved;
}

function unjudged({ state, rows, reason = 'too few rows' }: SegmentComparison): readonly string[] {
  return [coloured(state), '', '', '', '', inThousands(rows), '', reason];
}
