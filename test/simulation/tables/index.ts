import type { Table } from '../table.ts';
import { capturedCorrelations, correlationLevel, correlationsOfFewRows } from './correlation-level.ts';
import { correlationPower, correlations } from './correlations.ts';
import { correlatedFeatures } from './correlated-features.ts';
import { dataQuality } from './data-quality.ts';
import { dependentRows } from './dependent-rows.ts';
import { detectionCurve } from './detection-curve.ts';
import { discreteLevel } from './discrete-level.ts';
import { exactTests } from './exact-tests.ts';
import { falseAlarms } from './false-alarms.ts';
import { foldedCategories } from './folded-categories.ts';
import { horizons } from './horizons.ts';
import { ordinalLevel, ordinalPower } from './ordinal.ts';
import { categoryPower, power, promise } from './power.ts';
import { repeatedLooks } from './repeated-looks.ts';
import { seasons } from './seasons.ts';
import { shapes } from './shapes.ts';
import { sketchLevel } from './sketch-level.ts';
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
  correlations,
  correlationLevel,
  capturedCorrelations,
  correlationsOfFewRows,
  correlationPower,
  exactTests,
  dataQuality,
  discreteLevel,
  sketchLevel,
  shapes,
  correlatedFeatures,
  repeatedLooks,
  foldedCategories,
];
