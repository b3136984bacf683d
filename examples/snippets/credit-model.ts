export interface Applicant {
  readonly name: string;
  readonly income: number;
  readonly debt: number;
}

/** Stands for your model. */
export async function loadCreditModel() {
  return ({ income, debt }: Applicant) => 1 / (1 + Math.exp(-(income - 2 * debt) / 15_000));
}

/** Stands for rows whose truth is known, none of which the model was trained on. */
export const labelled = Array.from({ length: 1_000 }, (_, index) => {
  const [income, debt] = [10_000 + ((index * 7_919) % 80_000), (index * 104_729) % 40_000];
  const input: Applicant = { name: `applicant ${index}`, income, debt };
  return { input, truth: income > 2 * debt !== (index % 7 === 0) ? 'repaid' : 'defaulted' };
});

export const applicants = labelled.map(({ input }) => input);
