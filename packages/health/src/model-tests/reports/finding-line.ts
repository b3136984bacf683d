import type { TestFinding } from '../model-health-test.ts';

/** `p99 FAILED: 12.1 ms (11.8 to 12.9), budget 10 ms` */
export function findingLine({ name, verdict, says }: TestFinding): string {
  return `${name} ${verdict === 'failed' ? 'FAILED' : verdict}: ${says}`;
}
