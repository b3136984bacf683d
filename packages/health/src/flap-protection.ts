import { type Finding, type Schedule, statusOf } from './checks/health-check.ts';

/** What a check is taken for, and how many answers in a row said otherwise. */
export interface Settled {
  readonly findings: readonly Finding[];
  readonly isFailing: boolean;
  readonly contrary: number;
}

/** Takes an answer in: the first one counts at once, later ones turn a check only when enough in a row agree. */
export function settle(
  before: Settled | undefined,
  findings: readonly Finding[],
  { failAfter, recoverAfter }: Pick<Schedule, 'failAfter' | 'recoverAfter'>,
): Settled {
  const isFailing = statusOf({ findings }) === 'fail';
  if (before === undefined || isFailing === before.isFailing) return { findings, isFailing, contrary: 0 };
  const contrary = before.contrary + 1;
  if (contrary >= (isFailing ? failAfter : recoverAfter)) return { findings, isFailing, contrary: 0 };
  return {
    findings: isFailing
      ? findings.map((finding) => tolerated(finding, `${contrary} of ${failAfter}`))
      : [...findings, recovering(`${contrary} of ${recoverAfter}`)],
    isFailing: before.isFailing,
    contrary,
  };
}

function tolerated(finding: Finding, howOften: string): Finding {
  if (finding.status !== 'fail') return finding;
  return {
    ...finding,
    status: 'warn',
    output: `${finding.output ?? finding.measurement}; ${howOften} times in a row that make it fail`,
  };
}

function recovering(howOften: string): Finding {
  return {
    measurement: 'recovery',
    status: 'fail',
    output: `it failed, and passed since: ${howOften} times in a row that it takes`,
  };
}
