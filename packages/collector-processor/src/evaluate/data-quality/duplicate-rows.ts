import { defineQualityRule } from './quality-rule.ts';

export const duplicateRows = defineQualityRule({
  about: 'rows',
  name: 'duplicate_rows',
  asks: 'In what share of the rows is every feature as in a row shortly before?',
  needs: '`quality: { duplicates: true }` in the sender; to be judged, a limit or a profile built by this version',
  judgedBy: 'twice the reference’s share, and the margin',
  defaults: { margin: 0.05 },
  read({ compared, reference }) {
    if (compared === undefined || compared.rows === 0) return undefined;
    const { rows, failed } = compared;
    const ratio = failed / rows;
    if (reference === undefined || reference.rows === 0) return { ratio, rows };
    // How likely it is that a row has occurred rises with the rows before it, ever more slowly: at the end it is at
    // most twice the mean on the way there, and beyond the end at most in proportion.
    const limit = Math.min(1, 2 * (reference.repeated / reference.rows) * Math.max(1, rows / reference.rows));
    return { ratio, rows, comparison: { kind: 'bound', limit } };
  },
  knownAnswers: [
    {
      says: 'a batch that came twice',
      given: { compared: { rows: 1000, failed: 500 } },
      answer: { ratio: 0.5 },
    },
    {
      says: 'a reference of which a tenth repeats',
      given: { compared: { rows: 1000, failed: 100 }, reference: { rows: 10_000, repeated: 1000 } },
      answer: { ratio: 0.1, limit: 0.2 },
    },
    {
      says: 'a window of twice the rows of the reference',
      given: { compared: { rows: 2000, failed: 0 }, reference: { rows: 1000, repeated: 100 } },
      answer: { ratio: 0, limit: 0.4 },
    },
    { says: 'nobody compares rows', given: {}, answer: undefined },
  ],
});
