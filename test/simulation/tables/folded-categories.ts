import { categoricalReference, CategoryCounts, type CategoricalReference } from '@driftline/sketches';
import { distributionTest, isDrift } from '../distribution-test.ts';
import { zipf } from '../features.ts';
import { multinomial, type Random } from '../random.ts';
import { repetitions, rounded, type Row, type Table } from '../table.ts';

const [NAMES, REFERENCE] = [300, 10_000];
const REFERENCES = 100;
const WINDOWS_A_REFERENCE = 20;

const shares: Readonly<Record<string, readonly number[]>> = {
  alike: zipf(NAMES, 0),
  Zipf: zipf(NAMES, 1),
};

type Counts = ReadonlyMap<string, number>;

interface Folding {
  reference(counts: Counts): CategoricalReference;
  /** What a sender counts. */
  window(reference: CategoricalReference, counts: Counts): Counts;
}

const foldings: Readonly<Record<string, Folding>> = {
  // The builder counts all names and keeps the hundred largest; senders know which.
  profile: {
    reference: (counts) => categoricalReference(counts, REFERENCE),
    window: ({ categories }, counts) => folded(counts, { known: Object.keys(categories) }),
  },
  // Nobody knows any: each sender keeps the first hundred in the alphabet.
  captured: {
    reference: (counts) => categoricalReference(folded(counts, { unknown: 'record' }), REFERENCE),
    window: (_, counts) => folded(counts, { unknown: 'record' }),
  },
};

/** More names than the hundred that are counted apart. */
export const foldedCategories: Table = {
  name: 'folded-categories',
  title: 'False alarms of a feature of 300 categories, of which 100 are counted apart, N = 10,000',
  seed: 20_261_148,
  run: (scale, random) =>
    Object.keys(foldings).flatMap((folding) =>
      Object.keys(shares).flatMap((names) =>
        [300, 1000, 10_000].map((current) =>
          foldedRow(random, { folding, names, current }, repetitions(REFERENCES, scale)),
        ),
      ),
    ),
};

export function foldedRow(
  random: Random,
  { folding, names, current }: { readonly folding: string; readonly names: string; readonly current: number },
  references: number,
): Row {
  const rule = foldings[folding];
  const masses = shares[names];
  if (rule === undefined || masses === undefined) throw new RangeError(`${folding}, ${names}: no such cell`);
  const tests = Array.from({ length: references }, () => {
    const reference = rule.reference(drawn(random, REFERENCE, masses));
    return Array.from({ length: WINDOWS_A_REFERENCE }, () => {
      const categories = rule.window(reference, drawn(random, current, masses));
      return distributionTest(reference, { kind: 'categorical', categories, missing: 0 });
    });
  }).flat();
  const share = (level: number) => rounded(tests.filter(({ p }) => p < level).length / tests.length);
  return {
    reference: folding,
    names,
    M: current,
    windows: tests.length,
    'p < 0.05': share(0.05),
    'p < 0.01': share(0.01),
    'p < 0.001': share(0.001),
    'drift at 0.001': rounded(tests.filter((test) => isDrift(test, 0.001)).length / tests.length),
  };
}

/** The largest are not the first in the alphabet. */
function drawn(random: Random, rows: number, masses: readonly number[]): Counts {
  const counts = [...multinomial(random, rows, masses)].map(
    (count, i) => [`name ${(i * 7919) % 1000}`, count] as const,
  );
  return new Map(counts.filter(([, count]) => count > 0));
}

function folded(counts: Counts, options: ConstructorParameters<typeof CategoryCounts>[0]): Counts {
  const sketch = new CategoryCounts(options);
  for (const [name, count] of counts) sketch.add(name, count);
  return sketch.counts;
}
