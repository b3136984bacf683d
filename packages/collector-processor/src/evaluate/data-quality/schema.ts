import { defineQualityRule } from './quality-rule.ts';

export const schema = defineQualityRule({
  about: 'feature',
  name: 'schema',
  asks: 'In what share of the rows does the feature not match the schema in the sender?',
  needs: '`monitorModel({ features: schema })` in the sender',
  judgedBy: 'its limit',
  defaults: { limit: 0.01, margin: 0 },
  read({ schema }) {
    if (schema === undefined || schema.rows === 0) return undefined;
    const { rows, violations } = schema;
    // One row may be complained of for two reasons.
    const violating = Math.min(
      rows,
      [...violations.values()].reduce((sum, count) => sum + count, 0),
    );
    const reasons = [...violations.keys()].toSorted().join(', ');
    return { ratio: violating / rows, rows, ...(reasons !== '' && { detail: reasons }) };
  },
  knownAnswers: [
    {
      says: 'two reasons',
      given: {
        schema: {
          rows: 1000,
          violations: new Map([
            ['invalid_type', 20],
            ['too_small', 5],
          ]),
        },
      },
      answer: { ratio: 0.025 },
    },
    { says: 'no schema', given: {}, answer: undefined },
  ],
});
