import { driftMethodNames, driftMethods } from '../evaluate/drift/index.ts';
import type { DriftMethod } from '../evaluate/drift/drift-method.ts';
import { formatLimit, parseLimit } from '../evaluate/drift/decision/fixed-limit.ts';
import { performanceMetrics } from '../evaluate/performance/index.ts';
import { misplacedIn } from './order-places.ts';
import { profilePath, reference } from './reference-schema.ts';
import { choice, count, duration, flag, positive, scalar, text } from './scalars.ts';
import { constraints, qualityShape } from './quality-schema.ts';
import { byName, list, section, withoutDefaults } from './section.ts';

const floor = section({
  warning: positive('A smaller change is ok, however sure; in standard deviations.', { most: 10 }).prefault(0.1),
  drift: positive('From here on it is drift; in standard deviations.', { most: 10 }).prefault(0.2),
}).refine(({ warning, drift }) => warning <= drift, {
  path: ['warning'],
  message: 'must not be above drift, which is 0.2 where it is not written',
});

const metricNames = performanceMetrics.map(({ name }) => name);

const windowShape = {
  every: duration('How long a window is.', { least: 1_000 }).prefault('5m'),
  min_rows: count('Rows a window needs to be judged.', { least: 100 }).prefault(100),
  lateness: duration('How long after its end a window waits for rows on their way.').prefault('60s'),
  hold: duration('How long stragglers may hold a window back.').prefault('10m'),
};

const decidingMethod = choice(
  ['auto', ...driftMethodNames],
  'What decides: `auto` is a budgeted test and a size, any other method its limit in `limits`, or its customary one.',
);

/** One key a drift method; a p-value only of those that have one. */
const limits = section(
  Object.fromEntries(driftMethods.map((method: DriftMethod) => [method.name, limitFor(method).exactOptional()])),
).meta({ description: 'Fixed limits that decide in place of the budgeted tests; no promise about false alarms.' });

function limitFor({ name, pValue }: DriftMethod) {
  const expected = pValue === undefined ? 'a number above 0' : 'a number above 0, or a p-value such as "p < 0.01"';
  const read = (text: string) => {
    const limit = parseLimit(text);
    return limit?.of === 'p' && pValue === undefined ? undefined : limit;
  };
  return scalar({ expected, read, write: formatLimit, examples: [0.1] }, `From this ${name} on it is drift.`);
}

const driftShape = {
  method: decidingMethod.prefault('auto'),
  limits: limits.prefault({}),
  false_alarms_per_month: positive('Accepted for each model: how rarely we may be wrong.', { most: 1_000 }).prefault(1),
  rows_per_entity: count(
    'Rows that one user, session or device has in a window, where that is known: they count for fewer. Replaces what the profile measured.',
  ).exactOptional(),
  icc: positive('How alike the rows of one entity are: their intraclass correlation.', { most: 1 }).prefault(0.1),
  floor: floor.prefault({}),
  report: list(choice(driftMethodNames, 'Computed and kept beside the verdict.'), 'drift methods').prefault([
    'psi',
    'jensen-shannon',
    'kolmogorov-smirnov',
    'wasserstein',
    'hellinger',
  ]),
  horizons: list(choice(['window', '1h'], 'How much recent data is merged before judging.'), 'horizons')
    .min(1, 'must have at least one of window, 1h')
    .prefault(['window', '1h']),
};

const outcomesShape = {
  metrics: list(choice(metricNames, 'How well the model did, once the truth is known.'), 'metrics').prefault(
    metricNames,
  ),
};

const maxReferenceAge = duration('A reference older than this is named in the results and in the log.', {
  least: 3_600_000,
});

const laterRows = { rows: 'use every, with min_rows' };
const laterOutcomes = {
  wait: 'send outcomes with their prediction, which needs no join',
  maturity: 'send outcomes with their prediction, which needs no join',
  estimated: 'realised performance needs outcomes',
};
const laterForModels = {
  concept_drift: 'watch realised performance by a rule such as "accuracy < 0.75"',
};

const MOST_SEGMENT_ATTRIBUTES = 5;

const segments = list(text('An attribute that rows are counted apart by, as senders name it.'), 'attributes')
  .max(MOST_SEGMENT_ATTRIBUTES, `must be at most ${MOST_SEGMENT_ATTRIBUTES} attributes`)
  .meta({ description: 'Attributes each value of which is judged apart, against a reference of its own.' });

/** What holds for every model that does not say otherwise. */
export const defaults = section(
  {
    window: section(windowShape, laterRows).prefault({}),
    reference: reference.prefault({ capture: {} }),
    max_reference_age: maxReferenceAge.exactOptional(),
    drift: section(driftShape).prefault({}),
    quality: section(qualityShape).prefault({}),
    outcomes: section(outcomesShape, laterOutcomes).prefault({}),
    segments: segments.prefault([]),
  },
  laterForModels,
);

const feature = section({
  ignore: flag('Leave this feature out of everything.').prefault(false),
  order: list(text('A category of an ordinal feature.'), 'categories, from the lowest to the highest')
    .min(2, 'must be at least two categories')
    .max(100, 'must be at most 100 categories')
    .superRefine((order, context) => {
      const misplaced = misplacedIn(order);
      if (misplaced === undefined) return;
      context.addIssue({ code: 'custom', path: [misplaced.place], message: misplaced.complaint });
    })
    .meta({ description: 'Categories from the lowest to the highest: ranks are judged too. Over that of the profile.' })
    .exactOptional(),
  importance: positive('How much the model heeds it, as its trainer says; features without one count for nothing.', {
    most: 1_000_000,
  }).exactOptional(),
  drift: section({
    floor: floor.exactOptional(),
    method: decidingMethod.exactOptional(),
    limits: limits.exactOptional(),
  }).exactOptional(),
});

/** The same for one model, without defaults, and what only a model has. */
export const model = section(
  {
    reference: reference.exactOptional(),
    max_reference_age: maxReferenceAge.exactOptional(),
    references: list(profilePath, 'paths of profiles')
      .prefault([])
      .meta({ description: 'Older profiles that senders may still use.' }),
    features: byName(feature, 'settings of features').prefault({}),
    constraints,
    window: section(withoutDefaults(windowShape), laterRows).exactOptional(),
    drift: section(withoutDefaults(driftShape)).exactOptional(),
    quality: section(withoutDefaults(qualityShape)).exactOptional(),
    outcomes: section(withoutDefaults(outcomesShape), laterOutcomes).exactOptional(),
    segments: segments.exactOptional(),
  },
  laterForModels,
);
