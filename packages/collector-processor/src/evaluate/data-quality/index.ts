import { cardinality } from './cardinality.ts';
import { constant } from './constant.ts';
import { duplicateRows } from './duplicate-rows.ts';
import { invalidRows } from './invalid-rows.ts';
import { missing } from './missing.ts';
import { notANumber } from './not-a-number.ts';
import { outOfRange } from './out-of-range.ts';
import type { QualityRule } from './quality-rule.ts';
import { schema } from './schema.ts';
import { unexpected } from './unexpected.ts';
import { unseen } from './unseen.ts';
import { wrongType } from './wrong-type.ts';

/** Every rule of data quality, in the order in which results show them. */
export const qualityRules = [
  missing,
  notANumber,
  wrongType,
  outOfRange,
  unseen,
  unexpected,
  constant,
  cardinality,
  duplicateRows,
  schema,
  invalidRows,
] as const satisfies readonly QualityRule[];

export type QualityRuleName = (typeof qualityRules)[number]['name'];
