import { FULL, SIDE } from './digit-reader.ts';

/** Four numbers about a digit. None of them tells which digit it is, and no drawing can be made from them. */
export interface DigitFeatures {
  /** Share of the square that is ink. */
  readonly ink: number;
  /** Share of the square's width that the digit takes. */
  readonly width: number;
  /** How far it leans to the right for every step up. */
  readonly slant: number;
  /** Where its weight is: 0 at the top, 1 at the bottom. */
  readonly balance: number;
}

/** The same as training/train.py computes. */
export function digitFeatures(cells: Float32Array): DigitFeatures {
  const total = sumOver(cells, () => 1);
  const x = sumOver(cells, (column) => column) / total;
  const y = sumOver(cells, (_, row) => row) / total;
  const spread = sumOver(cells, (_, row) => (row - y) ** 2);
  const lean = sumOver(cells, (column, row) => (column - x) * (row - y));
  const inked = Array.from({ length: SIDE }, (_, column) => column).filter(
    (column) => sumOver(cells, (other) => Number(other === column)) > 0,
  );
  return {
    ink: total / (SIDE * SIDE * FULL),
    width: ((inked.at(-1) ?? -1) - (inked[0] ?? 0) + 1) / SIDE,
    slant: spread > 0 ? -lean / spread : 0,
    balance: y / (SIDE - 1),
  };
}

function sumOver(cells: Float32Array, weight: (column: number, row: number) => number): number {
  return cells.reduce((sum, cell, i) => sum + cell * weight(i % SIDE, Math.floor(i / SIDE)), 0);
}
