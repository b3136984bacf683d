import { describe, expect, it } from 'vitest';
import { parseSettings, SettingsError } from '../settings.ts';

const profileColumns = () => ({
  features: { age: 'numeric', grade: 'categorical' },
  outputs: { class: 'categorical' },
});

function problems(features: string): string {
  try {
    parseSettings({
      text: `models:\n  m:\n    reference: m.json\n    features: ${features}\n`,
      file: 'driftline.yaml',
      directory: '/etc',
      environment: {},
      readSecretFile: () => '',
      profileColumns,
    });
    return '';
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    return error.message;
  }
}

describe('the order of a feature', () => {
  it('is one of categories that the profile has', () => {
    expect(problems('{ grade: { order: [low, high] }, class: { order: ["no", "yes"] }, age: { ignore: true } }')).toBe(
      '',
    );
    // Codes are categories by their text.
    expect(problems('{ grade: { order: [1, 2, 3] } }')).toBe('');
  });

  it.each([
    [
      '{ graed: { order: [low, high] } }',
      /4:\d+ +models\.m\.features\.graed\.order: feature graed of the profile is unknown; known: class, age, grade\. Did you mean grade\?/,
    ],
    [
      '{ age: { order: [low, high] } }',
      /is of age, which is numeric in the profile; categories have an order\. Build the profile with --ordinal age=/,
    ],
    ['{ grade: { order: [low] } }', /models\.m\.features\.grade\.order .*must be at least two categories/],
    ['{ grade: { order: [low, high, low] } }', /must have each category once/],
    ['{ grade: { order: low } }', /must be a list of categories, from the lowest to the highest/],
  ])('%s is refused', (features, complaint) => {
    expect(problems(features)).toMatch(complaint);
  });
});
