import { defineQualityRule, statusReading } from './quality-rule.ts';

export const missing = defineQualityRule({
  about: 'feature',
  name: 'missing',
  asks: 'Do more rows lack a value than in the reference?',
  needs: 'statuses',
  judgedBy: 'exact test against the reference’s unusable rows',
  defaults: { margin: 0.01 },
  read: (evidence) => statusReading(evidence, 'missing'),
  knownAnswers: [
    {
      says: 'a tenth of the rows',
      given: {
        statuses: new Map([
          ['valid', 900],
          ['missing', 100],
        ]),
      },
      answer: { ratio: 0.1 },
    },
    { says: 'none', given: {}, answer: { ratio: 0 } },
    { says: 'no rows at all', given: { rows: 0, statuses: new Map() }, answer: undefined },
  ],
});
