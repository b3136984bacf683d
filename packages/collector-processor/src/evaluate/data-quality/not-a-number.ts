import { defineQualityRule, statusReading } from './quality-rule.ts';

export const notANumber = defineQualityRule({
  about: 'feature',
  name: 'not_a_number',
  asks: 'Do more rows hold NaN or infinity than the reference has unusable values?',
  needs: 'statuses',
  judgedBy: 'exact test against the reference’s unusable rows',
  defaults: { margin: 0.005 },
  read: (evidence) => statusReading(evidence, 'not_a_number'),
  knownAnswers: [
    {
      says: 'a tenth of the rows',
      given: {
        statuses: new Map([
          ['valid', 900],
          ['not_a_number', 100],
        ]),
      },
      answer: { ratio: 0.1 },
    },
    { says: 'none', given: {}, answer: { ratio: 0 } },
    { says: 'no rows at all', given: { rows: 0, statuses: new Map() }, answer: undefined },
  ],
});
