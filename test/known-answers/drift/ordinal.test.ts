import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { pairCounts } from '../../../packages/collector-processor/src/evaluate/drift/decision/bins.ts';
import { judge } from '../../../packages/collector-processor/src/evaluate/drift/decision/judge.ts';
import { locationSpreadTest } from '../../../packages/collector-processor/src/evaluate/drift/decision/location-spread.ts';

interface Answers {
  readonly scipy: string;
  readonly cases: readonly {
    reference: readonly number[];
    current: readonly number[];
    outside: readonly [number, number];
    phi: number;
    /** Null where scipy's p-value is 0. */
    location: number | null;
    p: number;
    size: number;
    scores: Readonly<Record<string, number>>;
  }[];
}

const { scipy, cases }: Answers = JSON.parse(readFileSync(new URL('./ordinal.json', import.meta.url), 'utf8'));

function expectClose(computed: number, answer: number, absolute = 0) {
  expect(Math.abs(computed - answer), `${computed} against ${answer}`).toBeLessThanOrEqual(
    1e-9 * Math.abs(answer) + absolute,
  );
}

describe(`ordinal features against scipy ${scipy}`, () => {
  it.each(cases)('ranks $reference and $current as mannwhitneyu with midranks does', (known) => {
    const { location } = locationSpreadTest(pairCounts(known.reference, known.current));
    if (known.location === null) expect(Math.abs(location)).toBeGreaterThan(30);
    else expectClose(location, known.location, 1e-7);
  });

  it.each(cases)('decides and scores $reference and $current, $outside outside, phi $phi', (known) => {
    const { outside, phi } = known;
    const order = known.reference.map((_, i) => `place ${i}`);
    const names = outside[0] === 0 ? order : [...order, 'nowhere'];
    const counted = (counts: readonly number[], beside: number) =>
      names.map((name, i) => [name, counts[i] ?? beside] as const);
    const [verdict] = judge({
      features: [
        {
          name: 'grade',
          reference: {
            kind: 'categorical',
            categories: Object.fromEntries(counted(known.reference, outside[0])),
            order,
            missing: 0,
          },
          current: { kind: 'categorical', categories: new Map(counted(known.current, outside[1])), missing: 0 },
        },
      ],
      alpha: 0.01,
      designEffect: phi,
      methods: ['kolmogorov-smirnov', 'wasserstein', 'energy-distance', 'mean-shift', 'psi'],
    });
    const distribution = verdict?.parts.find(({ part }) => part === 'distribution');
    expectClose(distribution?.p ?? Number.NaN, known.p, 1e-300);
    expectClose(distribution?.size ?? Number.NaN, known.size, 1e-8);
    for (const [method, score] of Object.entries(known.scores)) {
      expectClose(verdict?.scores[method] ?? Number.NaN, score, 1e-9);
    }
    // A category has no value, so there is no mean of them.
    expect(Object.keys(verdict?.scores ?? {})).not.toContain('mean-shift');
    expect(verdict?.scores).toHaveProperty('psi');
  });
});
