import { HOUR_MS } from '../durations.ts';
import { z } from 'zod';
import { choice, count, duration, text } from './scalars.ts';
import { list, section } from './section.ts';

export const profilePath = text('A profile made by `driftline profile build`; relative to this file.');

/** What goes with what is checked by `referenceProblems`: a refinement would stand in the way of encoding a union. */
const traffic = section({
  capture: section({
    rows: count('Rows of early traffic to take.', { least: 500 }).prefault(10_000),
    every: duration('How often to take so many rows anew.', { least: HOUR_MS }).exactOptional(),
  }).exactOptional(),
  previous: duration('The period before each window, such as 1d; at least a window.').exactOptional(),
  seasonal: choice(['daily', 'weekly'], 'The same hour of earlier days, or of earlier weeks.').exactOptional(),
  periods: count('Of `seasonal`: earlier days or weeks to pool; 7 and 4 by default.', { most: 60 }).exactOptional(),
  min_periods: count('Of `seasonal`: with so few there are results; 4 by default.', { most: 60 }).exactOptional(),
});

const one = z.union([traffic, profilePath], {
  error: 'must be the path of a profile, or a mapping with capture, previous or seasonal',
});

export const reference = z
  .union(
    [
      traffic,
      // Before the path, which would write any value as a text.
      list(one, 'references'),
      profilePath,
    ],
    { error: 'must be the path of a profile, a mapping with capture, previous or seasonal, or a list of these' },
  )
  .meta({
    description:
      'What windows are compared with: a profile, captured traffic, the period before, a season, or several.',
  });
