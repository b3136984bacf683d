import { readFileSync, writeFileSync } from 'node:fs';
import type { Share, Summary } from './summary.ts';

const PAGE = new URL('../../docs/compared-with-others.md', import.meta.url);
const ALARMS = new URL('alarms.json', import.meta.url);

export function readAlarms(): readonly Summary[] {
  return JSON.parse(readFileSync(ALARMS, 'utf8'));
}

export function writeAlarms(alarms: readonly Summary[]): void {
  writeFileSync(ALARMS, `${JSON.stringify(alarms, undefined, 1)}\n`);
  writeFileSync(PAGE, pageWithTable(readPage(), alarms));
}

export function readPage(): string {
  return readFileSync(PAGE, 'utf8');
}

/** The table stands between `<!-- alarms -->` and `<!-- end -->`. */
export function pageWithTable(page: string, alarms: readonly Summary[]): string {
  return page.replace(
    /<!-- alarms -->\n[^]*?<!-- end -->/,
    () => `<!-- alarms -->\n\n${table(alarms)}\n\n<!-- end -->`,
  );
}

/** As they stand in the table: peers first. */
const names: Readonly<Record<string, string>> = {
  evidently: 'Evidently',
  nannyml: 'NannyML',
  whylogs: 'whylogs',
  alibi: 'Alibi Detect',
  scouter: 'Scouter',
  'PSI >= 0.1': 'PSI >= 0.1',
  'PSI >= 0.25': 'PSI >= 0.25',
  'driftline: drift': 'driftline: drift',
  'driftline: drift or warning': 'driftline: drift or warning',
  'driftline: drift of window or hour': 'driftline: drift of window or hour',
};

function table(alarms: readonly Summary[]): string {
  const head = [
    'rule',
    'rows',
    'windows without drift that raise an alarm',
    '0.3 sd',
    'variance × 1.3',
    'share .2 to .25',
  ];
  const order = Object.keys(names);
  const lines = alarms
    .toSorted((one, other) => order.indexOf(one.rule) - order.indexOf(other.rule) || one.rows - other.rows)
    .map(({ rule, rows, falseAlarms, 'n0 shifted': shifted, 'n0 wider': wider, 'c0 moved': moved }) => [
      names[rule] ?? rule,
      rows.toLocaleString('en-US'),
      `${inWords(falseAlarms)} (${percent(falseAlarms.low)} to ${percent(falseAlarms.high)} %)`,
      inWords(shifted),
      inWords(wider),
      inWords(moved),
    ]);
  return [head, head.map(() => '---'), ...lines].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

const inWords = ({ hits, of }: Share): string => `${hits} of ${of}`;
const percent = (share: number): string => (100 * share).toFixed(0);
