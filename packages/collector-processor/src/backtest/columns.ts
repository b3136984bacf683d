import type { FeatureDefinition, FeatureDefinitions, ReferenceProfile } from '@driftline/sketches';
import { type ColumnGuess, type ColumnKind, guessKinds } from '../files/column-kind.ts';
import type { DataFile } from '../files/data-file.ts';
import { DataFileError } from '../files/data-file-error.ts';
import type { ModelSettings } from '../settings.ts';

export interface ColumnsWanted {
  readonly file: DataFile;
  readonly profile: ReferenceProfile | undefined;
  readonly settings: ModelSettings;
  /** Columns that are not features: times, predictions, the truth. */
  readonly taken: readonly string[];
  readonly exclude: readonly string[];
  readonly categorical: readonly string[];
}

export interface ChosenColumns {
  readonly features: FeatureDefinitions;
  readonly notices: readonly string[];
}

/** The features of the profile, or what the columns look like where there is none. Throws a DataFileError. */
export async function chooseColumns(wanted: ColumnsWanted): Promise<ChosenColumns> {
  const { file, exclude, taken } = wanted;
  for (const name of exclude) file.column(name);
  const others = file.columns.filter(({ name }) => !taken.includes(name) && !exclude.includes(name));
  const guesses = await guessKinds(file, others);
  return wanted.profile === undefined ? guessed(wanted, guesses) : ofProfile(wanted, wanted.profile, guesses);
}

function ofProfile(
  { file, exclude, settings }: ColumnsWanted,
  profile: ReferenceProfile,
  guesses: readonly ColumnGuess[],
): ChosenColumns {
  const has = (name: string) => file.columns.some((column) => column.name === name);
  const judged = Object.entries(profile.features).filter(
    ([name]) => !exclude.includes(name) && settings.features[name]?.ignore !== true,
  );
  const absent = judged.filter(([name]) => !has(name)).map(([name]) => name);
  if (absent.length > 0) {
    throw new DataFileError(
      `${file.path} lacks ${inQuotes(absent)} of the profile; it has ${file.columns.map(({ name }) => name).join(', ')}. ` +
        `Rename the column, or leave the feature out: features: { ${absent[0]}: { ignore: true } }.`,
    );
  }
  const unknown = guesses.map(({ name }) => name).filter((name) => !Object.hasOwn(profile.features, name));
  const changed = judged.flatMap(([name, reference]) => {
    const guess = guesses.find((one) => one.name === name);
    return guess === undefined ? [] : (changeOfKind(guess, reference) ?? []);
  });
  return {
    features: Object.fromEntries(judged),
    notices: [...(unknown.length === 0 ? [] : [`${inQuotes(unknown)} left out: not in the profile.`]), ...changed],
  };
}

/** Codes may be numbers, so a profile of categories takes them all. */
function changeOfKind(guess: ColumnGuess, { kind }: FeatureDefinition): string | undefined {
  const found = 'kind' in guess ? guess.kind : guess.skipped;
  if (kind === 'categorical' || found === kind || found.startsWith('it has no value')) return undefined;
  const what = 'kind' in guess ? `looks ${guess.kind}` : found;
  return `column ${JSON.stringify(guess.name)} ${what}, the profile has it ${kind}: such values count as missing.`;
}

function guessed({ settings, categorical }: ColumnsWanted, guesses: readonly ColumnGuess[]): ChosenColumns {
  const features: [string, FeatureDefinition][] = [];
  const skipped: string[] = [];
  for (const guess of guesses) {
    const { name } = guess;
    if (settings.features[name]?.ignore === true) continue;
    if (categorical.includes(name)) features.push([name, definitions.categorical]);
    else if ('kind' in guess) features.push([name, definitions[guess.kind]]);
    else skipped.push(`column ${JSON.stringify(name)} left out: ${guess.skipped}.`);
  }
  if (features.length === 0) throw new DataFileError('no column can be a feature; see --exclude and --categorical.');
  return { features: Object.fromEntries(features), notices: skipped };
}

/** Categories by their names, as if the sender had declared them. */
const definitions = {
  numeric: { kind: 'numeric' },
  categorical: { kind: 'categorical', unknown: 'record' },
  embedding: { kind: 'embedding' },
} as const satisfies Readonly<Record<ColumnKind, FeatureDefinition>>;

const inQuotes = (names: readonly string[]): string => names.map((name) => JSON.stringify(name)).join(', ');
