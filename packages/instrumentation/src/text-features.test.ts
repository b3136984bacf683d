import { describe, expect, it } from 'vitest';
import { textFeatures } from './text-features.ts';

describe('features of a text', () => {
  it.each([
    ['', { length: 0, words: 0, nonAsciiShare: 0 }],
    ['  two  words\n', { length: 13, words: 2, nonAsciiShare: 0 }],
    ['naïve', { length: 5, words: 1, nonAsciiShare: 0.2 }],
    ['日本 語', { length: 4, words: 2, nonAsciiShare: 0.75 }],
    ['👍🏽', { length: 2, words: 1, nonAsciiShare: 1 }],
  ])('of %j', (text, features) => {
    expect(textFeatures(text)).toEqual(features);
  });
});
