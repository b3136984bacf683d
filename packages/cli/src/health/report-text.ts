import { styleText } from 'node:util';
import type { ModelHealthReport, ModelTestResult, TestFinding, Verdict } from '@driftline/health';
import { printable } from '../table.ts';
import type { LoadedTest } from './test-files.ts';

const WIDTH = 80;
const VERDICT_WIDTH = 'uncertain'.length;
const INDENT = 2 + 2 + VERDICT_WIDTH + 2;

/** For people: every finding with its verdict, in 80 columns. */
export function asText(tests: readonly LoadedTest[], reports: readonly ModelHealthReport[], seconds: number): string {
  const models = reports.map(({ model: { name, version }, results }, index) => {
    const heading = [name, version, tests[index]?.file ?? ''].filter((part) => part !== '').join('  ');
    return [styleText('bold', printable(heading)), ...results.flatMap(linesOf)].join('\n');
  });
  return [...models, `${counts(reports)} in ${seconds.toFixed(1)} s`].join('\n\n');
}

function linesOf({ name, durationMs, findings }: ModelTestResult): readonly string[] {
  return [`  ${printable(name)}, ${(durationMs / 1_000).toFixed(1)} s`, ...findings.map(findingText)];
}

function findingText({ name, verdict, says }: TestFinding): string {
  const [first = '', ...rest] = wrapped(printable(`${name}: ${says}`), WIDTH - INDENT);
  const word = inColour(verdict, shown[verdict].padEnd(VERDICT_WIDTH));
  return [`    ${word}  ${first}`, ...rest.map((line) => `${' '.repeat(INDENT)}${line}`)].join('\n');
}

const shown = { ok: 'ok', failed: 'FAILED', uncertain: 'uncertain' } as const;
const colours = { ok: 'green', failed: 'red', uncertain: 'yellow' } as const;

function inColour(verdict: Verdict, text: string): string {
  return styleText(colours[verdict], text);
}

function counts(reports: readonly ModelHealthReport[]): string {
  const verdicts = reports.flatMap(({ results }) => results.flatMap(({ findings }) => findings));
  const all = (['failed', 'uncertain', 'ok'] as const).map((verdict) => ({
    verdict,
    count: verdicts.filter((finding) => finding.verdict === verdict).length,
  }));
  return all
    .filter(({ count }) => count > 0)
    .map(({ verdict, count }) => inColour(verdict, `${count} ${shown[verdict]}`))
    .join(', ');
}

/** Breaks between words; a word longer than a line is cut. */
function wrapped(text: string, width: number): readonly string[] {
  const lines = [''];
  for (const word of text.split(' ').flatMap((word) => word.match(new RegExp(`.{1,${width}}`, 'gu')) ?? [])) {
    const line = lines.at(-1) ?? '';
    if (line === '') lines.splice(-1, 1, word);
    else if (line.length + 1 + word.length <= width) lines.splice(-1, 1, `${line} ${word}`);
    else lines.push(word);
  }
  return lines;
}
