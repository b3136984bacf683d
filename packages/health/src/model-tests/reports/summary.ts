import type { ModelHealthReport } from '../run/model-health-report.ts';

/** `1 failed, 2 uncertain, 12 ok` */
export function summary(reports: readonly ModelHealthReport[]): string {
  const verdicts = reports
    .flatMap(({ results }) => results)
    .flatMap(({ findings }) => findings.map(({ verdict }) => verdict));
  const counts = (['failed', 'uncertain', 'ok'] as const).map((wanted) => ({
    wanted,
    count: verdicts.filter((verdict) => verdict === wanted).length,
  }));
  const said = counts.filter(({ count }) => count > 0).map(({ wanted, count }) => `${count} ${wanted}`);
  return said.length === 0 ? 'nothing tested' : said.join(', ');
}
