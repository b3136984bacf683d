import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { DriftMethod } from '../packages/collector-processor/src/evaluate/drift/drift-method.ts';
import { driftMethods } from '../packages/collector-processor/src/evaluate/drift/index.ts';
import { read, repositoryRoot } from './support/source-files.ts';

const page = 'docs/drift-methods.md';
const [begin, end] = ['<!-- methods -->\n', '<!-- /methods -->'];

it('the table of drift methods is that of the registry: if not, run `UPDATE_DOCS=1 npx vitest run test/drift-methods-page.test.ts`', () => {
  const text = read(page);
  const [before, rest] = [text.slice(0, text.indexOf(begin) + begin.length), text.slice(text.indexOf(end))];
  const generated = `${before}\n${table(driftMethods)}\n\n${rest}`;
  if (process.env['UPDATE_DOCS'] !== undefined) writeFileSync(join(repositoryRoot, page), generated);
  expect(unpadded(read(page))).toBe(unpadded(generated));
});

/** The formatter widens columns. */
function unpadded(text: string): string {
  return text.replaceAll(/ +\|/g, ' |').replaceAll(/-{3,}/g, '---');
}

function table(methods: readonly DriftMethod[]): string {
  const rows = methods.map(({ name, answers, reads, pValue, bounds, customaryLimits }) => [
    `\`${name}\``,
    answers,
    reads,
    pValue === undefined ? '' : 'yes',
    bounds === undefined ? '' : 'yes',
    customaryLimits.map(({ of, at, where }) => `${of === 'p' ? 'p < ' : ''}${at}: ${where}`).join('; '),
  ]);
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const heading = ['method', 'answers', 'reads', 'p', 'bounds', 'limits elsewhere'];
  const sources = methods.map(({ name, kinds, source }) => `- \`${name}\` (${kinds.join(', ')}): ${source}.`);
  return [
    line(heading),
    line(heading.map(() => '---')),
    ...rows.map(line),
    '',
    'Kinds and sources:',
    '',
    ...sources,
  ].join('\n');
}
