import { existsSync, readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { parseSettings, type Settings, SettingsError } from '../settings.ts';

export { formatDuration, parseDuration } from '../settings/units.ts';
export { SETTINGS_SCHEMA_URL, settingsJsonSchema } from '../settings/json-schema.ts';
export { effectiveSettings, listenOn, type Settings, SettingsError, showSettings } from '../settings.ts';

export const SETTINGS_FILE = 'driftline.yaml';

/** Reads the named file, else `driftline.yaml` if there is one, else the defaults. Throws a `SettingsError`. */
export function readSettings(
  named: string | undefined,
  environment: Readonly<Record<string, string | undefined>>,
): Settings {
  const file = named ?? (existsSync(SETTINGS_FILE) ? SETTINGS_FILE : undefined);
  return parseSettings({
    text: file === undefined ? '' : readText(file),
    file: file ?? 'settings',
    directory: dirname(resolve(file ?? SETTINGS_FILE)),
    environment,
    readSecretFile: (path) => readFileSync(path, 'utf8'),
  });
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new SettingsError(file, [
      { message: `cannot be read (${reason}). Name another with --config, or write one: driftline init` },
    ]);
  }
}
