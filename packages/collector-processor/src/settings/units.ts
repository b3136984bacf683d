export type Milliseconds = number;
export type Bytes = number;

/** `90s`, `1h30m`, `250ms`; `0` needs no unit. */
export function parseDuration(text: string): Milliseconds | undefined {
  if (text === '0') return 0;
  if (!/^(?:\d+(?:\.\d+)?(?:ms|s|m|h|d))+$/.test(text)) return undefined;
  const total = [...text.matchAll(/([\d.]+)(ms|s|m|h|d)/g)].reduce(
    (sum, [, amount, unit]) => sum + Number(amount) * (durationUnits.find(({ name }) => name === unit)?.ms ?? 0),
    0,
  );
  return total <= Number.MAX_SAFE_INTEGER ? total : undefined;
}

/** In the greatest unit that keeps it whole, so that a parsed duration prints as it was written. */
export function formatDuration(duration: Milliseconds): string {
  if (duration === 0) return '0s';
  const { name, ms } = durationUnits.find(({ ms }) => duration % ms === 0) ?? millisecond;
  return `${duration / ms}${name}`;
}

/** `64MiB`, `500kB`, or a plain number of bytes. */
export function parseSize(text: string): Bytes | undefined {
  const [, amount, unit] = /^(\d+(?:\.\d+)?)\s?([kKMG]i?B|B)?$/.exec(text) ?? [];
  if (amount === undefined) return undefined;
  const bytes = Math.round(Number(amount) * (unit === undefined ? 1 : bytesOf(unit)));
  return Number.isSafeInteger(bytes) ? bytes : undefined;
}

export function formatSize(bytes: Bytes): string {
  const unit = ['GiB', 'MiB', 'KiB'].find((name) => bytes >= bytesOf(name) && bytes % bytesOf(name) === 0) ?? 'B';
  return `${bytes / bytesOf(unit)}${unit}`;
}

const millisecond = { name: 'ms', ms: 1 };
const durationUnits = [
  { name: 'd', ms: 86_400_000 },
  { name: 'h', ms: 3_600_000 },
  { name: 'm', ms: 60_000 },
  { name: 's', ms: 1_000 },
  millisecond,
];

function bytesOf(unit: string): number {
  const power = ['B', 'K', 'M', 'G'].indexOf(unit.charAt(0).toUpperCase());
  return (unit.includes('i') ? 1_024 : 1_000) ** power;
}
