export { DataFileError } from './files/data-file-error.ts';
export {
  buildProfile,
  type BuildProfileOptions,
  type BuildProgress,
  type BuiltProfile,
} from './reference/build-profile.ts';
export { mergeProfiles } from './reference/merge-profiles.ts';
export { readProfile } from './files/profile-file.ts';
