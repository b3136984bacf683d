export { type DriftService, type DriftServiceOptions, startDriftService } from './drift-service.ts';
export type * from './evaluate/measurement.ts';
export { readSettings, SETTINGS_FILE } from './files/settings-file.ts';
export { describeReference } from './reference/reference-sources.ts';
export type * from './reference/reference-changes.ts';
export type * from './serve/query-api.ts';
export type { ReferencesResponse } from './serve/reference-api.ts';
export { SETTINGS_SCHEMA_URL, settingsJsonSchema } from './settings/json-schema.ts';
export {
  effectiveSettings,
  formatAddress,
  type ListenAddress,
  listenOn,
  modelSettings,
  type ModelSettings,
  parseSettings,
  Secret,
  type Settings,
  SettingsError,
  type SettingsProblem,
  type SettingsSource,
  showSettings,
} from './settings.ts';
