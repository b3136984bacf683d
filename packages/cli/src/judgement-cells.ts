import { styleText } from 'node:util';
import type { FeatureVerdict } from '@driftline/collector-processor/compare';
import { inShort, inThousands, printable } from './table.ts';

/** A window that could not see half a standard deviation says little with its "ok". */
const BLIND_ABOVE = 0.5;

export const judgementHeading = ['state', 'size', 'limit', 'detectable', 'p', 'rows', 'judged by', 'change'] as const;

/** Of one feature, beside its name. */
export function judgementCells(feature: FeatureVerdict): readonly string[] {
  const { state, size, threshold, detectableSize, pAdjusted, rows, part, judgedBy } = feature;
  const isSeen = state !== 'insufficient_data' && state !== 'no_reference';
  const inUnits = (value: number) => {
    if (judgedBy.limit !== undefined) return inShort(value);
    return part === 'distribution' ? `${inShort(value)} sd` : `${inShort(100 * value)} points`;
  };
  return [
    coloured(state),
    isSeen ? inUnits(size) : '',
    judgedBy.limit?.of === 'p' ? `p < ${judgedBy.limit.at}` : inUnits(threshold),
    `${inShort(detectableSize)} sd`,
    isSeen ? inShort(pAdjusted) : '',
    inThousands(rows),
    judgedBy.summary,
    isSeen ? changeOf(feature) : '',
  ];
}

function changeOf({ state, detectableSize, direction }: FeatureVerdict): string {
  if (state === 'ok' && detectableSize > BLIND_ABOVE)
    return `too few rows to see less than ${inShort(detectableSize)} sd`;
  return printable(direction);
}

export function coloured(state: FeatureVerdict['state']): string {
  switch (state) {
    case 'drift':
      return styleText('red', state);
    case 'warning':
      return styleText('yellow', state);
    case 'ok':
      return styleText('green', state);
    case 'insufficient_data':
    case 'no_reference':
      return styleText('dim', state);
  }
}
