import type { TestFinding, Verdict } from '../model-health-test.ts';

/** What one run of a model health test found. */
export interface ModelHealthReport {
  readonly model: { readonly name: string; readonly version: string };
  readonly verdict: Verdict;
  readonly results: readonly ModelTestResult[];
}

export interface ModelTestResult {
  readonly name: string;
  readonly type: string;
  readonly verdict: Verdict;
  readonly durationMs: number;
  readonly findings: readonly TestFinding[];
  /** For the baseline. */
  readonly kept?: unknown;
}
