import type { Bin } from '../drift/decision/bins.ts';
import type { ComparedFeature } from '../drift/decision/feature-counts.ts';
import { otherCategory, unseenCategory } from '@driftline/sketches';
import { onEdges } from './known-evidence.ts';
import { defineQualityRule } from './quality-rule.ts';

/** Names under which several categories may hide. */
const collective: readonly string[] = [unseenCategory, otherCategory];

const none: Bin = { reference: 0, current: 0 };

export const constant = defineQualityRule({
  about: 'feature',
  name: 'constant',
  asks: 'Did a column that varied stop varying?',
  needs: 'a reference that varies',
  judgedBy: 'exact test: could all rows have come from one bucket or category of the reference?',
  defaults: { margin: 0.01 },
  read({ compared }) {
    const bins = compared === undefined ? [] : binsOf(compared);
    const rows = bins.reduce(
      (sum, { bin }) => ({ reference: sum.reference + bin.reference, current: sum.current + bin.current }),
      none,
    );
    const isVaried = bins.filter(({ bin }) => bin.reference > 0).length > 1;
    if (!isVaried || rows.current === 0) return undefined;
    const all = bins.find(({ bin, isCollective }) => bin.current === rows.current && !isCollective);
    if (all === undefined) return { ratio: 0, rows: rows.current };
    return {
      ratio: 1,
      rows: rows.current,
      detail: `all rows are ${all.name}`,
      comparison: { kind: 'test', hits: all.bin, rows, part: 'distribution' },
    };
  },
  knownAnswers: [
    {
      says: 'all rows in the bucket above 0 up to 1, where the reference had half',
      given: { compared: onEdges({ edges: [0, 1], reference: [0, 500, 500], current: [0, 1000, 0] }) },
      answer: { ratio: 1 },
    },
    {
      says: 'a column that varies still',
      given: { compared: onEdges({ edges: [0, 1], reference: [0, 500, 500], current: [0, 999, 1] }) },
      answer: { ratio: 0 },
    },
    {
      says: 'a reference that was constant itself',
      given: { compared: onEdges({ edges: [0, 1], reference: [0, 1000, 0], current: [0, 1000, 0] }) },
      answer: undefined,
    },
    { says: 'no reference', given: {}, answer: undefined },
  ],
});

interface NamedBin {
  readonly name: string;
  readonly bin: Bin;
  readonly isCollective: boolean;
}

function binsOf(compared: ComparedFeature): readonly NamedBin[] {
  switch (compared.kind) {
    case 'numeric':
      return compared.buckets.map((bin, i) => ({
        name: bucketName(compared.reference.edges, i),
        bin,
        isCollective: false,
      }));
    case 'categorical':
      return [...compared.categories].map(([name, bin]) => ({
        name: `the category ${JSON.stringify(name)}`,
        bin,
        isCollective: collective.includes(name),
      }));
    case 'embedding':
      return [];
  }
}

/** A bucket is as narrow as the reference has rows there: an atom, or a sixtieth of the rows. */
function bucketName(edges: readonly number[], bucket: number): string {
  const [lower, upper] = [edges[bucket - 1], edges[bucket]];
  if (lower === undefined) return `at most ${upper}`;
  return upper === undefined ? `above ${lower}` : `above ${lower} and at most ${upper}`;
}
