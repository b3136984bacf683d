import { type Random, seeded } from './random.ts';

/** One line of a table: what was simulated, and what came out. */
export type Row = Readonly<Record<string, string | number>>;

/** One question that is answered by simulation with the product's own code. */
export interface Table {
  readonly name: string;
  readonly title: string;
  readonly seed: number;
  /** `scale` 1 is what is published; a test runs a small part of it. */
  run(scale: number, random: Random): readonly Row[];
}

export interface Result extends Pick<Table, 'name' | 'title' | 'seed'> {
  readonly scale: number;
  /** Of the processor, not of the clock. */
  readonly cpuSeconds: number;
  readonly rows: readonly Row[];
}

export function runTable(table: Table, scale: number): Result {
  const before = process.cpuUsage();
  const rows = table.run(scale, seeded(table.seed));
  const cpuSeconds = Math.round(process.cpuUsage(before).user / 1e6);
  const { name, title, seed } = table;
  return { name, title, seed, scale, cpuSeconds, rows };
}

/** Half of the digits would be noise: as many as a share known from some hundred events has. */
export function rounded(value: number): number {
  return Number(value.toPrecision(3));
}

export function repetitions(full: number, scale: number): number {
  return Math.max(1, Math.round(full * scale));
}
