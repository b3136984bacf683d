import { describe, expect, it } from 'vitest';
import { worst } from './health-check.ts';
import { healthChecks } from './index.ts';

describe.each(healthChecks)('$type: $answers', ({ type, answers, schedule, examples }) => {
  it.each(examples)('$status: $says', ({ judge, status }) => {
    expect(worst(judge().map((finding) => finding.status))).toBe(status);
  });

  it('says why wherever it does not pass', () => {
    for (const finding of examples.flatMap(({ judge }) => judge()))
      expect(finding.output === undefined).toBe(finding.status === 'pass');
  });

  it('shows a pass and what is not', () => {
    expect(examples.map(({ status }) => status)).toEqual(expect.arrayContaining(['pass']));
    expect(examples.some(({ status }) => status !== 'pass')).toBe(true);
  });

  it('asks a question and leaves itself time', () => {
    expect(answers).toMatch(/\?$/);
    expect(schedule.timeoutMs).toBeLessThan(schedule.everyMs);
    expect(healthChecks.filter((check) => check.type === type)).toHaveLength(1);
  });
});
