import type { Table } from '../table.ts';
import { dependentRows } from './dependent-rows.ts';
import { detectionCurve } from './detection-curve.ts';
import { falseAlarms } from './false-alarms.ts';
import { horizons } from './horizons.ts';
import { ordinalLevel, ordinalPower } from './ordinal.ts';
import { categoryPower, power, promise } from './power.ts';
import { seasons } from './seasons.ts';
import { embeddings, sketches } from './sketches.ts';
import { workingLevel } from './working-level.ts';

export const tables: readonly Table[] = [
  falseAlarms,
  horizons,
  promise,
  power,
  categoryPower,
  ordinalLevel,
  ordinalPower,
  workingLevel,
  dependentRows,
  seasons,
  sketches,
  embeddings,
  detectionCurve,
];
