import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { modelTests } from './index.ts';
import { metrics } from './metrics/index.ts';
import { worstVerdict } from './model-health-test.ts';

describe.each(modelTests)('$type: $answers', ({ type, answers, examples }) => {
  it.each(examples)('$verdict: $says', async ({ judge, verdict }) => {
    const findings = await judge();
    expect(worstVerdict(findings.map((finding) => finding.verdict))).toBe(verdict);
    for (const { says } of findings) expect(says).toMatch(/\S/);
  });

  it('asks a question, is named once, and shows both verdicts', () => {
    expect(answers).toMatch(/\?$/);
    expect(modelTests.filter((kind) => kind.type === type)).toHaveLength(1);
    for (const verdict of ['ok', 'failed']) expect(examples.map((example) => example.verdict)).toContain(verdict);
  });
});

it('docs/model-health-tests.md has a row for every kind of test and every metric', () => {
  const page = readFileSync(new URL('../../../../docs/model-health-tests.md', import.meta.url), 'utf8');
  const rows = page.split('\n').map((line) => line.replaceAll(/\s+/g, ' '));
  for (const { type, answers } of modelTests) expect(rows).toContain(`| \`${type}\` | ${answers} |`);
  for (const [name, { answers, reads }] of Object.entries(metrics))
    expect(rows).toContain(`| \`${name}\` | ${answers} | ${reads === 'positive' ? 'class' : reads} |`);
});
