import { resolve } from 'node:path';
import { stringify } from 'yaml';
import { z } from 'zod';
import { formatCondition } from './alert/alert-condition.ts';
import type { AlertRule } from './alert/alert-rule.ts';
import { isLoopback, parseAddress } from './settings/address.ts';
import { type ColumnsOf, crossChecks, openListener } from './settings/cross-checks.ts';
import type { Surroundings } from './settings/interpolation.ts';
import type { defaults, model } from './settings/model-schema.ts';
import { SettingsError, type SettingsProblem } from './settings/problem.ts';
import { settingsSchema } from './settings/schema.ts';
import { type Path, readYaml, type YamlSource } from './settings/yaml-source.ts';

export { formatAddress, type ListenAddress } from './settings/address.ts';
export { SettingsError, type SettingsProblem } from './settings/problem.ts';
export { Secret } from './settings/secret.ts';

type Parsed = z.output<typeof settingsSchema>;
type ModelOverrides = z.output<typeof model>;
export type ModelDefaults = z.output<typeof defaults>;

/** Everything that can be set, complete with defaults. Durations in milliseconds, sizes in bytes, paths absolute. */
export interface Settings extends Omit<Parsed, 'rules'> {
  readonly rules: readonly AlertRule[];
}

/** What holds for one model: the defaults, with its own settings over them. */
export interface ModelSettings extends ModelDefaults {
  /** Older profiles that senders may still use. */
  readonly references: readonly string[];
  readonly features: ModelOverrides['features'];
  readonly constraints: ModelOverrides['constraints'];
}

export interface SettingsSource extends Surroundings {
  readonly text: string;
  /** As shown in problems. */
  readonly file: string;
  /** What relative paths are relative to. */
  readonly directory: string;
  /** Reads what a profile knows, for checks against it; without it there are none. */
  readonly profileColumns?: ColumnsOf;
}

/** Reads driftline.yaml. Throws a `SettingsError` with every problem, or nothing else. */
export function parseSettings(source: SettingsSource): Settings {
  const yaml = readYaml(source.text, source);
  if (yaml.value === undefined) throw new SettingsError(source.file, yaml.problems);
  const parsed = settingsSchema.safeParse(withoutEmptySections(yaml.value));
  const problems = [
    ...yaml.problems,
    ...(parsed.success ? [] : parsed.error.issues.flatMap((issue) => problemsOf(issue, [], yaml))),
    ...crossChecks(yaml.value, (path) => source.profileColumns?.(resolve(source.directory, path)))
      .filter(({ path }) => !yaml.isUnresolved(path))
      .map(({ path, complaint }) => yaml.problemWithValue(path, complaint)),
  ];
  if (problems.length > 0 || !parsed.success) throw new SettingsError(source.file, problems);
  return complete(parsed.data, source.directory);
}

export function modelSettings(
  { defaults, models }: Pick<Settings, 'defaults' | 'models'>,
  name: string,
): ModelSettings {
  const own: ModelOverrides = (Object.hasOwn(models, name) ? models[name] : undefined) ?? {
    references: [],
    features: {},
    constraints: [],
  };
  return {
    reference: own.reference ?? defaults.reference,
    ...maxReferenceAgeOf(own, defaults),
    references: own.references,
    features: own.features,
    constraints: own.constraints,
    window: { ...defaults.window, ...own.window },
    drift: { ...defaults.drift, ...own.drift },
    quality: { ...defaults.quality, ...own.quality },
    outcomes: { ...defaults.outcomes, ...own.outcomes },
    segments: [...new Set(own.segments ?? defaults.segments)],
  };
}

function maxReferenceAgeOf(
  own: ModelOverrides,
  { maxReferenceAge: byDefault }: ModelDefaults,
): Pick<ModelDefaults, 'maxReferenceAge'> {
  const maxReferenceAge = own.maxReferenceAge ?? byDefault;
  return maxReferenceAge === undefined ? {} : { maxReferenceAge };
}

/** The same with page and OTLP on another address, as `--listen` says. Throws a `SettingsError`. */
export function listenOn(settings: Settings, text: string): Settings {
  const refused = (complaint: string) => new SettingsError('--listen', [{ message: `${text} ${complaint}` }]);
  const address = parseAddress(text);
  if (address === undefined) throw refused('must be an address such as 127.0.0.1:3743');
  const { auth } = settings;
  const isGuarded = auth === 'none' || (auth.page.length > 0 && auth.otlp.length > 0);
  if (!isLoopback(address) && !isGuarded) throw refused(openListener('page and auth.otlp'));
  return { ...settings, listen: { ...settings.listen, page: address, otlp: address } };
}

/** The settings in effect, as they would be written: snake_case, units, and `***` for secrets. */
export function effectiveSettings(settings: Settings): Readonly<Record<string, unknown>> {
  return z.encode(settingsSchema, { ...settings, rules: [...settings.rules] });
}

export function showSettings(settings: Settings): string {
  return stringify(effectiveSettings(settings));
}

/** `models:` with nothing but comments under it is a file that somebody has yet to fill in. */
function withoutEmptySections(written: unknown): unknown {
  if (typeof written !== 'object' || written === null || Array.isArray(written)) return written;
  return Object.fromEntries(Object.entries(written).filter(([, section]) => section !== null));
}

function complete(parsed: Parsed, directory: string): Settings {
  const absoluteOne = <Traffic>(reference: string | Traffic) =>
    typeof reference === 'string' ? resolve(directory, reference) : reference;
  const absolute = (reference: ModelDefaults['reference']): ModelDefaults['reference'] =>
    Array.isArray(reference) ? reference.map(absoluteOne) : absoluteOne(reference);
  return {
    ...parsed,
    store: { ...parsed.store, path: resolve(directory, parsed.store.path) },
    defaults: { ...parsed.defaults, reference: absolute(parsed.defaults.reference) },
    models: Object.fromEntries(
      Object.entries(parsed.models).map(([name, { reference, ...own }]) => [
        name,
        {
          ...own,
          ...(reference === undefined ? {} : { reference: absolute(reference) }),
          references: own.references.map((path) => resolve(directory, path)),
        },
      ]),
    ),
    rules: parsed.rules.map((rule) => ({ ...rule, name: rule.name ?? formatCondition(rule.when) })),
  };
}

function problemsOf(issue: z.core.$ZodIssue, above: Path, yaml: YamlSource): readonly SettingsProblem[] {
  const path = [...above, ...issue.path];
  if (yaml.isUnresolved(path)) return [];
  if (issue.code === 'unrecognized_keys') {
    const complaints = issue.message.split('\n');
    return issue.keys.map((key, index) => yaml.problemWithKey([...path, key], complaints[index] ?? issue.message));
  }
  if (issue.code === 'invalid_union') {
    const branch = issue.errors.find((issues) => issues.some((one) => isAboutContents(one)));
    if (branch !== undefined) return branch.flatMap((one) => problemsOf(one, path, yaml));
  }
  return [yaml.problemWithValue(path, issue.message, { isSecret: mayBeSecret(path) })];
}

/** Judged by place, since a token put where a mapping belongs is a secret too. */
function mayBeSecret(path: Path): boolean {
  const isPublicWord = ['type', 'min_severity', 'access'].includes(String(path.at(-1)));
  const isPrivatePlace =
    path[0] === 'auth' || path[0] === 'channels' || path.includes('headers') || path.includes('endpoint');
  return isPrivatePlace && !isPublicWord;
}

/** The value had the right shape for this branch of a union: what is wrong is inside. */
function isAboutContents({ path, code }: z.core.$ZodIssue): boolean {
  return path.length > 0 || code === 'unrecognized_keys' || code === 'custom';
}
