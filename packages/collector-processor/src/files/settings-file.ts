import { existsSync, readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { type FeatureReference, parseReferenceProfile } from '@driftline/sketches';
import { type BudgetExplanation, explainBudget } from '../explain-budget.ts';
import type { ProfileColumns } from '../settings/constraint-checks.ts';
import { modelSettings, parseSettings, type Settings, SettingsError } from '../settings.ts';
import { loadReferences } from './reference-files.ts';

export { formatDuration, parseDuration } from '../settings/units.ts';
export { SETTINGS_SCHEMA_URL, settingsJsonSchema } from '../settings/json-schema.ts';
export { effectiveSettings, listenOn, modelSettings, type Settings, SettingsError, showSettings } from '../settings.ts';

export { type BudgetExplanation, LONGEST_DELAY, type TrafficExplanation } from '../explain-budget.ts';

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
    profileColumns: columnsOf,
  });
}

/**
 * What the budget of false alarms means: for every model that is named or has a profile, and for one that is neither.
 * Throws a `SettingsError` where a profile cannot be read.
 */
export async function explainSettings(settings: Settings, file = SETTINGS_FILE): Promise<readonly BudgetExplanation[]> {
  const profiles = await loadReferences(settings).catch((error: unknown) => {
    const lines = error instanceof Error ? error.message.split('\n') : [String(error)];
    throw new SettingsError(
      file,
      lines.map((message) => ({ message })),
    );
  });
  const names = [...new Set([...Object.keys(settings.models), ...profiles.keys()])];
  const named = names.map((name) => explainBudget(name, modelSettings(settings, name), profiles.get(name)?.[0]));
  return [...named, explainBudget(undefined, modelSettings(settings, ''), undefined)];
}

/** What is wrong with a profile itself is told by whoever loads it. */
function columnsOf(path: string): ProfileColumns | undefined {
  try {
    const { features, outputs } = parseReferenceProfile(JSON.parse(readFileSync(path, 'utf8')));
    const categories = categoriesOf({ ...outputs, ...features });
    return { features: kindsOf(features), outputs: kindsOf(outputs), categories };
  } catch {
    return undefined;
  }
}

function kindsOf(references: Readonly<Record<string, FeatureReference>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(references).map(([name, { kind }]) => [name, kind]));
}

function categoriesOf(
  references: Readonly<Record<string, FeatureReference>>,
): Readonly<Record<string, readonly string[]>> {
  return Object.fromEntries(
    Object.entries(references).flatMap(([name, reference]) =>
      reference.kind === 'categorical' ? [[name, Object.keys(reference.categories)]] : [],
    ),
  );
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
