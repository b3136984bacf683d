import { describe, expect, it } from 'vitest';
import { modelTests } from './index.ts';
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
