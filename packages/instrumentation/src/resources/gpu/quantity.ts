/** How much of the wanted unit each unit is. */
export const shares = { '%': 0.01 } as const;
export const bytes = { B: 1, KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30, KB: 2 ** 10, MB: 2 ** 20, GB: 2 ** 30 } as const;
export const watts = { W: 1, mW: 0.001 } as const;
export const degrees = { C: 1, '°C': 1 } as const;

/**
 * `8.44 W`, `37 %`. Undefined for all the ways to say nothing: N/A, [N/A], [Not Supported], ERR!, Unknown Error,
 * "Requested functionality has been deprecated".
 */
export function quantity(text: string | undefined, units: Readonly<Record<string, number>>): number | undefined {
  const [, digits, unit = ''] = /^\s*(-?\d{1,15}(?:\.\d{1,9})?)\s*(\S{1,4})\s*$/.exec(text ?? '') ?? [];
  const factor = Object.hasOwn(units, unit) ? units[unit] : undefined;
  return digits === undefined || factor === undefined ? undefined : Number(digits) * factor;
}

/** Undefined where none is known: nothing is not 0. */
export function sumOfKnown(values: readonly (number | undefined)[]): number | undefined {
  const known = values.filter((value) => value !== undefined);
  return known.length === 0 ? undefined : known.reduce((sum, value) => sum + value, 0);
}
