import { defineQualityRule } from './quality-rule.ts';

export const unexpected = defineQualityRule({
  about: 'feature',
  name: 'unexpected',
  asks: 'In what share of the model’s rows is there a feature that nobody declared?',
  needs: 'a profile, a schema or declared features in the sender',
  judgedBy: 'its limit, since a reference has none',
  defaults: { limit: 0.01, margin: 0 },
  read({ statuses, modelRows }) {
    const rows = statuses.get('unexpected');
    // Keys that do not look like names are counted together, and one row may have several.
    return rows === undefined ? undefined : { ratio: Math.min(1, rows / Math.max(rows, modelRows)), rows: modelRows };
  },
  knownAnswers: [
    {
      says: 'a key in one of ten rows',
      given: { rows: 100, modelRows: 1000, statuses: new Map([['unexpected', 100]]) },
      answer: { ratio: 0.1 },
    },
    { says: 'a feature that is expected', given: {}, answer: undefined },
  ],
});
