import type { Backtest, FeatureSuggestion, Suggestions } from '@driftline/collector-processor/backtest';
import { day, inShort, inThousands, printable, table, wrapped } from '../table.ts';

/** The settings take no larger one. */
const LARGEST_FLOOR = 10;

/** Which floors would have kept quiet, what that rests on, and how to write it down. */
export function* suggestionLines({ suggestions, model }: Backtest, quietUntil: number | undefined): Generator<string> {
  if (suggestions === undefined) return;
  const { falseAlarmsPerMonth, quiet, features, asSet, suggestedEpisodes, beyondFloors } = suggestions;
  const judgedByFloor = features.filter(hasFloor);
  const changed = judgedByFloor.filter(({ floor, presentFloor }) => floor !== presentFloor);
  yield '';
  yield `  Limits for ${alarms(falseAlarmsPerMonth)} a month, from ${inThousands(quiet.windows)} windows up to ${day(quiet.until)}`;
  if (quietUntil === undefined) yield '  (taken for free of real change; --quiet-until says until when they were)';
  if (changed.length > 0) {
    yield table([
      ['feature', 'floor', 'now', 'largest', 'times', 'rests on'],
      ...changed.map((feature) => [
        printable(feature.name),
        `${inShort(feature.floor)} sd`,
        `${inShort(feature.presentFloor)} sd`,
        `${inShort(feature.largest)} sd`,
        inThousands(feature.excursions),
        restsOn(feature),
      ]),
    ]);
  }
  const unmoved = judgedByFloor.filter(({ basis }) => basis === 'nothing seen').map(({ name }) => printable(name));
  if (unmoved.length > 0) yield wrapped(`never moved for sure, so the floor stays: ${unmoved.join(', ')}`);
  yield `  drift began ${times(asSet.episodes)} as it is set, ${times(suggestedEpisodes)} with these floors`;
  if (beyondFloors > 0)
    yield `  ${times(beyondFloors)} by missing values, tails or fixed limits, which no floor keeps away`;
  yield* whatItRestsOn(suggestions);
  if (changed.length === 0) return;
  yield '';
  yield `models:\n  ${yamlKey(model.name)}:\n    features:`;
  for (const feature of changed) yield `      ${yamlKey(feature.name)}: ${written(feature)}`;
}

type WithFloor = FeatureSuggestion & Required<Pick<FeatureSuggestion, 'floor' | 'presentFloor'>>;

function hasFloor(feature: FeatureSuggestion): feature is WithFloor {
  return feature.floor !== undefined;
}

function written({ floor }: WithFloor): string {
  const drift = Math.min(LARGEST_FLOOR, floor);
  return `{ drift: { floor: { warning: ${Number((drift / 2).toPrecision(2))}, drift: ${drift} } } }`;
}

/** Quoted where YAML might read it as something else. */
function yamlKey(name: string): string {
  const isPlain = /^[A-Za-z_][\w-]*$/.test(name) && !/^(?:true|false|null|yes|no|on|off|y|n)$/i.test(name);
  return isPlain ? name : JSON.stringify(name);
}

function restsOn({ basis, excursions }: FeatureSuggestion): string {
  switch (basis) {
    case 'bound':
      return 'history, at 95 % confidence';
    case 'tail':
      return 'the tail of what was seen';
    case 'largest':
      return excursions === 1 ? 'the only time' : 'the largest, too few for a tail';
    case 'nothing seen':
      return '';
  }
}

/** A rate cannot be read from a span that is too short for it; then it is said how far the span goes. */
function* whatItRestsOn({ falseAlarmsPerMonth, quiet, features, shownPerFeature, monthsNeeded }: Suggestions) {
  if (quiet.months >= monthsNeeded) return;
  yield wrapped(
    `${inShort(quiet.months)} months can show, with 95 % confidence, that a feature passes a size it never had less than ` +
      `${inShort(shownPerFeature)} times a month; ${inShort(falseAlarmsPerMonth)} for all ${features.length} would take ` +
      `${inShort(monthsNeeded)} months`,
  );
}

function times(count: number): string {
  return count === 1 ? 'once' : `${inThousands(count)} times`;
}

function alarms(count: number): string {
  return `${inShort(count)} false alarm${count === 1 ? '' : 's'}`;
}
