/** Decimal digits with an optional fraction, as /proc, /sys and vendors' tools write numbers; else undefined. */
export function plainNumber(text: string | undefined): number | undefined {
  if (text === undefined || !/^-?\d{1,20}(?:\.\d{1,20})?$/.test(text)) return undefined;
  return Number(text);
}

/** In another unit. */
export const times = (value: number | undefined, factor: number): number | undefined =>
  value === undefined ? undefined : value * factor;

/** `name value` or `name: value kB` lines: /proc/vmstat, /proc/meminfo, memory.stat, cpu.stat. */
export function namedNumbers(text: string): ReadonlyMap<string, number> {
  const lines = text.split('\n').map((line) => line.trim().split(/:?\s+/));
  return new Map(
    lines.flatMap(([name, value]) => {
      const number = plainNumber(value);
      return name === undefined || number === undefined ? [] : [[name, number] as const];
    }),
  );
}
