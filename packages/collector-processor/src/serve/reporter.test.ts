import { describe, expect, it } from 'vitest';
import { SelfTelemetry } from '../publish/self-telemetry.ts';
import { Reporter } from './reporter.ts';

describe('the log of a service that goes on', () => {
  const reporter = () => {
    const lines: string[] = [];
    return { lines, report: new Reporter((line) => void lines.push(line), new SelfTelemetry({}, 0)) };
  };

  it('has what is said with every window once', () => {
    const { lines, report } = reporter();
    for (let window = 0; window < 3; window += 1) report.notice('the service sends another reference');
    expect(lines).toEqual(['the service sends another reference']);
  });

  it('does not grow without end when a sender names ever new things', () => {
    const { lines, report } = reporter();
    for (let reference = 0; reference < 5_000; reference += 1) report.notice(`the service sends ${reference}`);
    expect(lines.length).toBeGreaterThan(0);
    expect(lines.length).toBeLessThanOrEqual(1_000);
  });

  it('is not written by senders: a name with a line break or a colour stays in its line', () => {
    const { lines, report } = reporter();
    report.notice('model a\ndriftline: all is well \u001B[31m has no reference');
    expect(lines).toEqual(['model a?driftline: all is well ?[31m has no reference']);
  });
});
