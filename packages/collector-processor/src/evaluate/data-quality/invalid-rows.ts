import { defineQualityRule } from './quality-rule.ts';

export const invalidRows = defineQualityRule({
  about: 'rows',
  name: 'invalid_rows',
  asks: 'What share of the rows does not match the schema in the sender?',
  needs: '`monitorModel({ features: schema })` in the sender',
  judgedBy: 'its limit',
  defaults: { limit: 0.01, margin: 0 },
  read({ validated }) {
    if (validated === undefined || validated.rows === 0) return undefined;
    return { ratio: validated.failed / validated.rows, rows: validated.rows };
  },
  knownAnswers: [
    { says: 'one in fifty', given: { validated: { rows: 1000, failed: 20 } }, answer: { ratio: 0.02 } },
    { says: 'no schema', given: {}, answer: undefined },
  ],
});
