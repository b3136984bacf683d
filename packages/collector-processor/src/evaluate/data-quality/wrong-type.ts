import { defineQualityRule, statusReading } from './quality-rule.ts';

export const wrongType = defineQualityRule({
  about: 'feature',
  name: 'wrong_type',
  asks: 'Do more rows hold a value of another type than the reference has unusable values?',
  needs: 'statuses',
  judgedBy: 'exact test against the reference’s unusable rows',
  defaults: { margin: 0.005 },
  read: (evidence) => statusReading(evidence, 'wrong_type'),
  knownAnswers: [
    {
      says: 'a tenth of the rows',
      given: {
        statuses: new Map([
          ['valid', 900],
          ['wrong_type', 100],
        ]),
      },
      answer: { ratio: 0.1 },
    },
    { says: 'none', given: {}, answer: { ratio: 0 } },
    { says: 'no rows at all', given: { rows: 0, statuses: new Map() }, answer: undefined },
  ],
});
