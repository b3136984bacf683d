import { describe, expect, it } from 'vitest';
import { parseSettings, SettingsError } from '../settings.ts';

const profileColumns = () => ({
  features: { age: 'numeric', grade: 'categorical' },
  outputs: { class: 'categorical' },
  categories: { grade: ['low', 'medium', 'high', '1', '2', '3', '_other'], class: ['no', 'yes'] },
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
    ['{ grade: { order: [low, high, low] } }', /order\[2\] "low" has a place in the order already/],
    ['{ grade: { order: low } }', /must be a list of categories, from the lowest to the highest/],
    [
      '{ grade: { order: [low, medum, high] } }',
      /4:\d+ +models\.m\.features\.grade\.order\[1\] "medum" is no category of grade in the profile\. Did you mean "medium"\? Else take it out, or build the profile with --ordinal grade=\.\.\.$/,
    ],
    [
      '{ class: { order: ["no", perhaps] } }',
      /order\[1\] "perhaps" is no category of class in the profile\. Take it out, or/,
    ],
    ['{ grade: { order: [low, high, 4] } }', /order\[2\] 4 is no category/],
    ['{ grade: { order: [low, ""] } }', /order\[1\] "" must be a text that is not empty$/],
    [
      '{ grade: { order: [_other, low, high] } }',
      /order\[0\] "_other" is what Driftline counts other categories under$/,
    ],
    [
      '{ grade: { order: [low, high, _unseen] } }',
      /order\[2\] "_unseen" is what Driftline counts other categories under$/,
    ],
  ])('%s is refused', (features, complaint) => {
    expect(problems(features)).toMatch(complaint);
  });
});
