import type { Table } from '../table.ts';
import { falseAlarms } from './false-alarms.ts';
import { horizons } from './horizons.ts';
import { categoryPower, power, promise } from './power.ts';
import { workingLevel } from './working-level.ts';

export const tables: readonly Table[] = [falseAlarms, horizons, promise, power, categoryPower, workingLevel];
