import { Ajv2020 } from 'ajv/dist/2020.js';
import * as fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { CompactFormatError } from './byte-reader.ts';
import { categoricalReference } from './categorical-reference.ts';
import { EmbeddingProjections } from './embedding-projections.ts';
import { NumericReferenceCounter } from './numeric-reference.ts';
import { parseReferenceProfile } from './parse-reference-profile.ts';
import { decodeProfile, encodeProfile } from './profile-codec.ts';
import { ProfileError } from './profile-part.ts';
import { segmentFeature } from './segment-reference.ts';
import { projectionEdges, referenceEdges, type EdgePlan } from './reference-edges.ts';
import {
  profileFormat,
  profileId,
  type NumericReference,
  type ReferenceProfile,
  withProfileId,
} from './reference-profile.ts';

const rows = 1000;
const numbers = Array.from({ length: rows }, (_, i) => Math.sqrt((i * 7919) % rows));

function numericReference(values: readonly number[], plan?: EdgePlan): NumericReference {
  const counter = new NumericReferenceCounter(referenceEdges(values, undefined, plan));
  for (const value of values) counter.record(value);
  return counter.reference(rows);
}

function embeddingProjections(): NumericReference[] {
  const projections = new EmbeddingProjections({ dimensions: 3, seed: 'text', projections: 2 });
  const projected = numbers.map((x) => [...projections.project([x, 1 / (1 + x), -x])]);
  return [0, 1, 2].map((p) =>
    numericReference(
      projected.map((values) => values[p] ?? NaN),
      projectionEdges,
    ),
  );
}

const whole = {
  age: { ...numericReference(numbers), phi: 1.25 },
  rare: numericReference(numbers.slice(0, 10)),
  state: categoricalReference(
    new Map([
      ['CA', 600],
      ['NY', 300],
      ['__proto__', 50],
    ]),
    rows,
    { order: ['NY', 'CA'] },
  ),
  text: { kind: 'embedding', dimensions: 3, seed: 'text', projections: embeddingProjections(), missing: 0 },
} as const;

const profile: ReferenceProfile = withProfileId({
  format: profileFormat,
  createdAt: '2026-11-20T10:00:00Z',
  model: { name: 'employment', version: '2026-11-20' },
  rows,
  features: whole,
  outputs: { score: numericReference(numbers.map((x) => x / 40)) },
  calibration: { c: 50, m: 20, pooled: 1.1 },
  segments: {
    country: {
      // All rows are of one segment: what is true of the whole is true of it.
      DE: {
        rows,
        features: {
          rare: segmentFeature(whole.rare),
          state: segmentFeature(whole.state),
          text: segmentFeature(whole.text),
        },
        outputs: {},
        calibration: { c: 50, m: 20, pooled: 1.1 },
      },
    },
  },
  rowScores: false,
  importances: { age: 0.4, state: 0 },
  binding: { input: 'X', columns: ['age'] },
});

type Path = readonly (string | number)[];

/** A copy with one part replaced; undefined removes it. */
function replaced(value: unknown, [step, ...rest]: Path, part: unknown): unknown {
  if (step === undefined) return part;
  if (Array.isArray(value)) return value.map((item: unknown, i) => (i === step ? replaced(item, rest, part) : item));
  const fields = Object.entries(value ?? {}).map(([name, field]) => [
    name,
    name === step ? replaced(field, rest, part) : field,
  ]);
  if (!Object.hasOwn(Object(value), step)) fields.push([step, part]);
  return Object.fromEntries(fields.filter(([, field]) => field !== undefined));
}

function pathsOf(value: unknown): Path[] {
  if (typeof value !== 'object' || value === null) return [[]];
  const steps = Array.isArray(value) ? [0, value.length - 1].filter((i) => i >= 0) : Object.keys(value);
  const inside = steps.flatMap((step) => pathsOf(Reflect.get(value, step)).map((path): Path => [step, ...path]));
  return [[], ...inside];
}

/** Parses with an id that fits, so that the fault itself is found. */
const parsed = (path: Path, part: unknown) => () => {
  const changed = replaced(profile, path, part);
  const [first] = path;
  return parseReferenceProfile(first === undefined || first === 'id' ? changed : withId(changed));
};

function withId(json: unknown): unknown {
  try {
    return replaced(json, ['id'], profileId(Object(json)));
  } catch {
    return json;
  }
}

describe('reference profile', () => {
  it('survives JSON and compact bytes unchanged, in fewer of them', () => {
    const json = JSON.stringify(profile);
    expect(parseReferenceProfile(JSON.parse(json))).toEqual(profile);
    const bytes = encodeProfile(profile);
    expect(decodeProfile(bytes)).toEqual(profile);
    expect(bytes.length).toBeLessThan(0.55 * json.length);
  });

  it('has an id of its content alone', () => {
    const id = profileId({ ...profile, createdAt: 'another day' });
    expect(id).toBe(profile.id);
    const { format, model, features, outputs, ...rest } = profile;
    expect(profileId({ outputs, features, model, format, ...rest })).toBe(id);
    expect(profileId({ ...profile, rows: 1001 })).not.toBe(id);
  });

  it('keeps fields that it does not know, also in the id', () => {
    const newer = withProfileId(Object.assign({ note: 'from a newer version' }, profile));
    expect(newer.id).not.toBe(profile.id);
    expect(parseReferenceProfile(newer)).toBe(newer);
  });

  it.each<[Path, unknown, string]>([
    [[], null, 'profile: the whole of it is null: an object is needed'],
    [
      ['format'],
      'driftline.profile/2',
      'format is "driftline.profile/2": this version of Driftline reads "driftline.profile/1". Update',
    ],
    [['format'], 'whylogs', 'format is "whylogs": this is no profile of Driftline'],
    [['format'], undefined, 'format is missing: a text is needed'],
    [['id'], 'sha256:0000000000000000', `id is "sha256:0000000000000000": its content has the id ${profile.id}`],
    [['id'], 'me', 'id is "me": "sha256:" and 16 hex digits are needed'],
    [['model', 'name'], '', 'model.name is "": a name is needed'],
    [['rows'], 999, 'features.age.counts is ['],
    [['rows'], -1, 'rows is -1: it must be at least 0'],
    [['rows'], 1.5, 'rows is 1.5: a whole number below 2^53 is needed'],
    [
      ['features', 'age', 'kind'],
      'number',
      'features.age.kind is "number": known kinds are numeric, categorical, embedding',
    ],
    [['features', 'age', 'counts', 1], 6, 'the counts sum to 1005, but rows - missing is 1000'],
    [
      ['features', 'age', 'counts'],
      [1000],
      `1 counts for ${numericReference(numbers).edges.length} edges; one more count than edges is needed`,
    ],
    [['features', 'age', 'edges', 1], -99, 'features.age.edges[1] is -99: it is not above'],
    [['features', 'age', 'edges'], [], 'features.age.edges is []: at least one edge is needed'],
    [['features', 'age', 'edges', 0], 'low', 'features.age.edges[0] is "low": a finite number is needed'],
    [['features', 'state', 'order'], ['NY'], 'features.state.order is ["NY"]: an order has at least two categories'],
    [['features', 'state', 'order'], 'NY, CA', 'features.state.order is "NY, CA": an array is needed'],
    [['features', 'state', 'order', 1], 'NY', 'features.state.order[1] is "NY": it has a place in the order already'],
    [['features', 'state', 'order', 1], 'TX', 'features.state.order[1] is "TX": it is none of the categories'],
    [['rowScores'], 'yes', 'rowScores is "yes": true or false is needed'],
    [['importances', 'age'], -0.1, 'importances.age is -0.1: it must be at least 0'],
    [['importances', 'aeg'], 1, 'importances.aeg is 1: there is no such feature'],
    [['features', 'age', 'missing'], 2000, 'features.age.missing is 2000: there are only 1000 rows'],
    [
      ['features', 'age', 'bins', '5'],
      [1, 2, 3, 4, 5],
      'features.age.bins["5"] is [1,2,3,4,5]: at most 4 edges close 5 bins',
    ],
    [['features', 'age', 'bins', '10'], [5000], 'features.age.bins["10"][0] is 5000: it must be the index of one of'],
    [['features', 'age', 'quantileEdges', 0], 104, 'features.age.quantileEdges[1] is'],
    [['features', 'age', 'tails', 'upper'], 0, 'features.age.tails.upper is 0: it lies below tails.lower'],
    [['features', 'age', 'max'], -1, 'features.age.max is -1: it must be at least'],
    [['features', 'age', 'phi'], 0.5, 'features.age.phi is 0.5: it must be at least 1'],
    [['features', 'state', 'categories', 'NY'], -1, 'features.state.categories.NY is -1: it must be at least 0'],
    [
      ['features', 'text', 'projections', 0, 'missing'],
      1,
      'features.text.projections[0].missing is 1: the embedding itself misses 0 rows',
    ],
    [['features', 'text', 'projections'], [], 'features.text.projections is []: a projection and the norm are needed'],
    [['calibration', 'c'], 0, 'calibration.c is 0: it must be at least 1'],
    [['segments', 'country'], [], 'segments.country is []: an object is needed'],
    [['segments', 'country', 'DE', 'rows'], 1001, 'segments.country.DE.rows is 1001: it is more than the profile has'],
    [
      ['segments', 'country', 'DE', 'features', 'height'],
      { kind: 'numeric' },
      'the profile itself has no height among its features',
    ],
    [
      ['segments', 'country', 'DE', 'features', 'rare', 'kind'],
      'categorical',
      'segments.country.DE.features.rare.kind is "categorical": it is numeric in the profile itself',
    ],
    [['segments', 'country', 'DE', 'features', 'rare', 'counts'], [1000], '1 counts for'],
    [
      ['segments', 'country', 'DE', 'features', 'text', 'projections'],
      [],
      'segments.country.DE.features.text.projections is []: the profile itself has 3',
    ],
    [['segments', 'country', 'DE', 'calibration', 'm'], 0, 'segments.country.DE.calibration.m is 0'],
  ])('says what is wrong with %j being %j', (path, part, message) => {
    expect(parsed(path, part)).toThrow(ProfileError);
    expect(parsed(path, part)).toThrow(message);
  });

  it('says which part of an arbitrary fault is at fault, and never fails otherwise', () => {
    const anything = fc.oneof(
      fc.jsonValue(),
      fc.constantFrom(undefined, NaN, Infinity, -1, 0.5, 2 ** 60, [], {}, '', [NaN]),
    );
    fc.assert(
      fc.property(fc.constantFrom(...pathsOf(profile)), anything, (path, part) => {
        try {
          parsed(path, part)();
        } catch (error) {
          expect(error).toBeInstanceOf(ProfileError);
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe('the published JSON Schema', () => {
  const schema: object = JSON.parse(
    readFileSync(new URL('../schemas/driftline.profile-1.schema.json', import.meta.url), 'utf8'),
  );
  const isValid = new Ajv2020({ allErrors: false }).compile(schema);

  it('accepts what the parser accepts', () => {
    expect(isValid(profile)).toBe(true);
  });

  /** The parser knows more than a schema can say: sums, lengths, order, the id. */
  it('refuses nothing that the parser accepts', () => {
    fc.assert(
      fc.property(fc.constantFrom(...pathsOf(profile)), fc.jsonValue(), (path, part) => {
        let accepted: unknown;
        try {
          accepted = parsed(path, part)();
        } catch {
          return;
        }
        expect(isValid(accepted), JSON.stringify(isValid.errors)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it('refuses the same parts when they are missing or of another type', () => {
    for (const path of pathsOf(profile)) {
      const part: unknown = path.reduce<unknown>((value, step) => Reflect.get(Object(value), step), profile);
      const ofAnotherType = typeof part === 'string' ? 7 : 'text';
      expect(isValid(replaced(profile, path, ofAnotherType)), path.join('.')).toBe(
        !isRefused(path, ofAnotherType, /./),
      );
      if (isRefused(path, undefined, /is missing/))
        expect(isValid(replaced(profile, path, undefined)), path.join('.')).toBe(false);
    }
  });
});

describe('compact bytes', () => {
  it('are refused wherever they are cut off', () => {
    const bytes = encodeProfile(profile);
    for (let length = 0; length < bytes.length; length += 97) {
      expect(() => decodeProfile(bytes.subarray(0, length))).toThrow(CompactFormatError);
    }
  });

  it('are refused with a clear error, or are another whole profile, when changed', () => {
    const bytes = encodeProfile(profile);
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), (position, change) => {
        const changed = Uint8Array.from(bytes);
        changed[position] = (changed[position] ?? 0) ^ change;
        try {
          decodeProfile(changed);
        } catch (error) {
          expect([CompactFormatError, ProfileError].some((known) => error instanceof known)).toBe(true);
        }
      }),
      { numRuns: 300 },
    );
  });
});

function isRefused(path: Path, part: unknown, why: RegExp): boolean {
  try {
    parsed(path, part)();
    return false;
  } catch (error) {
    return error instanceof ProfileError && why.test(error.message);
  }
}
