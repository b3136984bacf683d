import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { captureDriftline } from './testing.ts';
import { monitorModel } from './monitor-model.ts';
import { textFeatureKinds, textFeatures, textFeaturesWith, vocabularyFeatureKinds } from './text-features.ts';
import { textLanguages } from './text-language.ts';
import { textScripts } from './text-script.ts';

describe('features of a text', () => {
  it.each([
    ['', { length: 0, words: 0, nonAsciiShare: 0, nonLetterShare: 0, scriptShare: 0, languageShare: 0 }],
    [' \n', { length: 2, words: 0, nonLetterShare: 0 }],
    ['a1 b2', { nonLetterShare: 0.5 }],
    ['12:30', { nonLetterShare: 1 }],
    ['नमस्ते', { nonLetterShare: 0 }],
    ['  two  words\n', { length: 13, words: 2, nonAsciiShare: 0 }],
    ['naïve', { length: 5, words: 1, nonAsciiShare: 0.2 }],
    ['日本 語', { length: 4, words: 2, nonAsciiShare: 0.75 }],
    ['👍🏽', { length: 2, words: 1, nonAsciiShare: 1 }],
  ])('of %j', (text, features) => {
    expect(textFeatures(text)).toMatchObject(features);
  });

  it.each([
    ['', 0],
    ['12 30', 0],
    ['The cat sat', 0],
    ['the DOG sat', 1 / 3],
    ['xyzzy plugh', 1],
    [`${'the '.repeat(600)}${'zzz '.repeat(9000)}`, 0],
  ])('%j, against a vocabulary', (text, share) => {
    const vocabulary = new Set(['the', 'cat', 'sat']);
    expect(textFeaturesWith({ vocabulary })(text).outOfVocabularyShare).toBeCloseTo(share, 10);
    expect(Object.keys(textFeaturesWith({ vocabulary })(text))).toEqual(Object.keys(vocabularyFeatureKinds));
  });

  it.each([
    ['', 'none', 0],
    ['12:30 - 14:00!', 'none', 0],
    ['naïve', 'latin', 1],
    ['привет abc', 'cyrillic', 6 / 9],
    ['γειά', 'greek', 1],
    ['مرحبا', 'arabic', 1],
    ['日本 語', 'han', 1],
    ['ありがとう', 'kana', 1],
    ['안녕하세요', 'hangul', 1],
    ['สวัสดี', 'thai', 1],
    ['გამარჯობა', 'other', 1],
  ])('%j is written in %s', (text, script, scriptShare) => {
    expect(textFeatures(text)).toMatchObject({ script, scriptShare: expect.closeTo(scriptShare, 10) });
  });

  /** The first article of the Universal Declaration of Human Rights, as the United Nations publish it. */
  it.each([
    [
      'english',
      'All human beings are born free and equal in dignity and rights. They are endowed with reason and conscience and should act towards one another in a spirit of brotherhood.',
    ],
    [
      'german',
      'Alle Menschen sind frei und gleich an Würde und Rechten geboren. Sie sind mit Vernunft und Gewissen begabt und sollen einander im Geist der Brüderlichkeit begegnen.',
    ],
    [
      'french',
      'Tous les êtres humains naissent libres et égaux en dignité et en droits. Ils sont doués de raison et de conscience et doivent agir les uns envers les autres dans un esprit de fraternité.',
    ],
    [
      'spanish',
      'Todos los seres humanos nacen libres e iguales en dignidad y derechos y, dotados como están de razón y conciencia, deben comportarse fraternalmente los unos con los otros.',
    ],
    [
      'portuguese',
      'Todos os seres humanos nascem livres e iguais em dignidade e em direitos. Dotados de razão e de consciência, devem agir uns para com os outros em espírito de fraternidade.',
    ],
    [
      'italian',
      'Tutti gli esseri umani nascono liberi ed eguali in dignità e diritti. Essi sono dotati di ragione e di coscienza e devono agire gli uni verso gli altri in spirito di fratellanza.',
    ],
    [
      'dutch',
      'Alle mensen worden vrij en gelijk in waardigheid en rechten geboren. Zij zijn begiftigd met verstand en geweten, en behoren zich jegens elkander in een geest van broederschap te gedragen.',
    ],
    [
      'polish',
      'Wszyscy ludzie rodzą się wolni i równi pod względem swej godności i swych praw. Są oni obdarzeni rozumem i sumieniem i powinni postępować wobec innych w duchu braterstwa.',
    ],
    [
      'russian',
      'Все люди рождаются свободными и равными в своем достоинстве и правах. Они наделены разумом и совестью и должны поступать в отношении друг друга в духе братства.',
    ],
    ['unknown', '人人生而自由，在尊严和权利上一律平等。'],
    ['unknown', 'Excellent camera!'],
  ])('%s is guessed by its commonest words', (language, text) => {
    expect(textFeatures(text).language).toBe(language);
  });

  it('are shares and names of fixed lists, whatever the text', () => {
    const share = expect.toSatisfy((value: number) => value >= 0 && value <= 1);
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 3000 }), (text) => {
        const features = textFeatures(text);
        expect(features).toMatchObject({ nonAsciiShare: share, scriptShare: share, languageShare: share });
        expect(textScripts).toContain(features.script);
        expect(textLanguages).toContain(features.language);
      }),
    );
  });

  it('leave by name in a monitor that has their kinds', () => {
    using seen = captureDriftline();
    const classify = monitorModel({ name: 'sentiment', features: textFeatureKinds }).wrap(
      (text: string) => text.length,
      {
        features: textFeatures,
      },
    );
    classify('Das ist nicht zu fassen.');
    classify('It is beyond me.');
    expect(seen.model('sentiment').feature('language').categories).toEqual({ german: 1, english: 1 });
    expect(seen.model('sentiment').feature('script').categories).toEqual({ latin: 2 });
    expect(seen.model('sentiment').errors).toEqual([]);
  });
});
