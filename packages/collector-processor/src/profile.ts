export { learnConstraints } from './evaluate/data-quality/constraints/learn-constraints.ts';
export { DataFileError } from './files/data-file-error.ts';
export {
  buildProfile,
  type BuildProfileOptions,
  type BuiltProfile,
} from './reference/build-profile.ts';
export type { ColumnOrders } from './reference/declared-order.ts';
export { type GivenImportances, parseImportances } from './reference/importances.ts';
export type { BuildProgress } from './reference/file-passes.ts';
export { mergeProfiles } from './reference/merge-profiles.ts';
export { constraintsAsWritten } from './settings/constraints-as-written.ts';
export { readProfile } from './files/profile-file.ts';
