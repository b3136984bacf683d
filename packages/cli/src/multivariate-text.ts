import type { Comparison } from '@driftline/collector-processor/compare';
import { coloured } from './judgement-cells.ts';
import { inShort, inThousands, printable, table } from './table.ts';

/** How features go together, in paragraphs; none where the profile says nothing of it. */
export function multivariateText({ correlation, reconstruction }: Comparison): readonly string[] {
  if (correlation === undefined) return [];
  const { state, pairs, rows, size, threshold, detectableSize, testedPairs } = correlation;
  if (state === 'insufficient_data') {
    return [`  correlations: ${coloured(state)}, ${inThousands(rows)} rows with a value in every numeric feature`];
  }
  const figures = `size ${inShort(size)}, limit ${threshold}, detectable ${inShort(detectableSize)}`;
  const headline = `  correlations: ${coloured(state)}, ${figures}, ${testedPairs} pairs, ${inThousands(rows)} complete rows`;
  const changed = table([
    ['pair', 'reference', 'now', 'p'],
    ...pairs.map(({ features, reference, current, pAdjusted }) => [
      printable(features.join(' and ')),
      reference.toFixed(2),
      current.toFixed(2),
      inShort(pAdjusted),
    ]),
  ]);
  return [[headline, ...(pairs.length > 0 ? [changed] : []), ...reconstructionLine(reconstruction)].join('\n')];
}

function reconstructionLine(reconstruction: Comparison['reconstruction']): readonly string[] {
  if (reconstruction === undefined) return [];
  const { components, error, expected } = reconstruction;
  const range = expected && `, expected ${inShort(expected.lowerBound)} to ${inShort(expected.upperBound)}`;
  return [`  reconstruction error: ${inShort(error)}${range ?? ''}, from ${components} principal components`];
}
