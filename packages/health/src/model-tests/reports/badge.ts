import type { ModelHealthReport } from '../run/model-health-report.ts';
import { worstVerdict } from '../model-health-test.ts';
import { summary } from './summary.ts';
import { escaped } from './xml-text.ts';

const LABEL = 'model health';
const colours = { ok: '#2e7d32', failed: '#c62828', uncertain: '#8d6e00' } as const;

/** For `https://img.shields.io/endpoint?url=...`. */
export function shieldsEndpoint(reports: readonly ModelHealthReport[]): string {
  const { message, colour } = badgeOf(reports);
  return `${JSON.stringify({ schemaVersion: 1, label: LABEL, message, color: colour })}\n`;
}

export function badgeSvg(reports: readonly ModelHealthReport[]): string {
  const { message, colour } = badgeOf(reports);
  const [left, right] = [widthOf(LABEL), widthOf(message)];
  const title = escaped(`${LABEL}: ${message}`);
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${left + right}" height="20" role="img" aria-label="${title}"><title>${title}</title><clipPath id="round"><rect width="${left + right}" height="20" rx="3"/></clipPath><g clip-path="url(#round)"><rect width="${left}" height="20" fill="#424242"/><rect x="${left}" width="${right}" height="20" fill="${colour}"/></g><g fill="#fff" text-anchor="middle" font-family="Verdana,Geneva,DejaVu Sans,sans-serif" font-size="11">${textAt(LABEL, 0, left)}${textAt(message, left, right)}</g></svg>\n`;
}

function textAt(content: string, from: number, width: number): string {
  return `<text x="${from + width / 2}" y="14" textLength="${width - 12}">${escaped(content)}</text>`;
}

function badgeOf(reports: readonly ModelHealthReport[]) {
  const verdict = worstVerdict(reports.map((report) => report.verdict));
  return { message: summary(reports), colour: colours[verdict] };
}

/** About as wide as Verdana's letters at that size. */
function widthOf(text: string): number {
  return Math.round(12 + 6.6 * text.length);
}
