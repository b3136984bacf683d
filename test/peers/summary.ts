/** What a rule said of each window: the columns that it calls drifted. */
export type Said = readonly (readonly string[])[];

/** Windows in which it happened, and between which shares the truth lies with 95 % confidence. */
export interface Share {
  readonly hits: number;
  readonly of: number;
  readonly low: number;
  readonly high: number;
}

export const questions = ['falseAlarms', 'n0 shifted', 'n0 wider', 'c0 moved'] as const;
export type Question = (typeof questions)[number];
const twins: readonly string[] = questions.slice(1);

export interface Summary extends Readonly<Record<Question, Share>> {
  readonly rule: string;
  readonly rows: number;
}

export function summaryOf(rule: string, rows: number, windows: Said): Summary {
  const counted = (happened: (drifted: readonly string[]) => boolean) =>
    wilson(windows.filter(happened).length, windows.length);
  const found = (twin: Question) => counted((drifted) => drifted.includes(twin));
  return {
    rule,
    rows,
    falseAlarms: counted((drifted) => drifted.some((name) => !twins.includes(name))),
    'n0 shifted': found('n0 shifted'),
    'n0 wider': found('n0 wider'),
    'c0 moved': found('c0 moved'),
  };
}

/** Wilson's score interval (1927). */
function wilson(hits: number, of: number): Share {
  const z = 1.96;
  const share = hits / of;
  const middle = (share + z ** 2 / (2 * of)) / (1 + z ** 2 / of);
  const half = (z / (1 + z ** 2 / of)) * Math.sqrt((share * (1 - share)) / of + z ** 2 / (4 * of ** 2));
  return { hits, of, low: rounded(Math.max(0, middle - half)), high: rounded(Math.min(1, middle + half)) };
}

const rounded = (share: number): number => Number(share.toFixed(4));
