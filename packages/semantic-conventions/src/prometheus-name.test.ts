import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Instrument } from './metric-definition.ts';
import { metrics } from './metric-definitions.ts';
import { prometheusName } from './prometheus-name.ts';

interface KnownAnswers {
  readonly source: string;
  readonly answers: readonly {
    readonly name: string;
    readonly unit: string;
    readonly instrument: Instrument;
    readonly prometheus: string;
  }[];
}

const knownAnswers: KnownAnswers = JSON.parse(
  readFileSync(new URL('../known-answers/prometheus-names.json', import.meta.url), 'utf8'),
);

describe(`the name in Prometheus, according to ${knownAnswers.source}`, () => {
  it.each(knownAnswers.answers)('$name, $instrument of "$unit" is $prometheus', (answer) => {
    expect(prometheusName(answer)).toBe(answer.prometheus);
  });

  it('was asked about every metric we have', () => {
    const asked = knownAnswers.answers.map(({ name, unit, instrument }) => ({ name, unit, instrument }));
    for (const [name, { unit, instrument }] of Object.entries(metrics))
      expect(asked).toContainEqual({ name, unit, instrument });
  });
});

it('never gives two of our metrics one name', () => {
  const names = Object.entries(metrics).map(([name, metric]) => prometheusName({ name, ...metric }));
  expect(new Set(names).size).toBe(names.length);
});

it('is a legal Prometheus name for any metric name that has a letter', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'binary' }).map((text) => `${text}a`),
      fc.string(),
      fc.constantFrom<Instrument>('histogram', 'counter', 'updowncounter', 'gauge'),
      (name, unit, instrument) => {
        expect(prometheusName({ name, unit, instrument })).toMatch(/^[a-zA-Z_:][a-zA-Z0-9_:]*$/);
      },
    ),
  );
});
