import { likeliestLanguage, type TextLanguage, textLanguages } from './text-language.ts';
import { likeliestScript, type TextScript, textScripts } from './text-script.ts';
import type { FeatureKinds } from './features.ts';

/** A type, since interfaces do not pass for a record of features. */
export type TextFeatures = {
  /** Characters, as Unicode code points. */
  readonly length: number;
  readonly words: number;
  /** 0 to 1; another language or script moves it. */
  readonly nonAsciiShare: number;
  /** Digits, punctuation, symbols, of all characters but spaces: 0 to 1. */
  readonly nonLetterShare: number;
  /** Of most of its letters. */
  readonly script: TextScript;
  /** Letters in that script, of all letters: less than 1 where scripts are mixed. */
  readonly scriptShare: number;
  /** By the commonest words of each, so `unknown` for many a short text. */
  readonly language: TextLanguage;
  /** Words that are among the commonest of that language, of the words looked at. */
  readonly languageShare: number;
};

/** What `textFeatures` gives, for the `features` of a monitor: names of scripts and languages are no secret. */
export const textFeatureKinds = {
  length: 'numeric',
  words: 'numeric',
  nonAsciiShare: 'numeric',
  nonLetterShare: 'numeric',
  script: textScripts,
  scriptShare: 'numeric',
  language: textLanguages,
  languageShare: 'numeric',
} as const satisfies FeatureKinds & Record<keyof TextFeatures, unknown>;

export type TextFeaturesWithVocabulary = TextFeatures & {
  /** Words that the vocabulary lacks, of the words in the first 2,000 characters. */
  readonly outOfVocabularyShare: number;
};

/** What `textFeaturesWith` gives. */
export const vocabularyFeatureKinds = {
  ...textFeatureKinds,
  outOfVocabularyShare: 'numeric',
} as const satisfies FeatureKinds & Record<keyof TextFeaturesWithVocabulary, unknown>;

export interface TextFeatureOptions {
  /** Words in lower case, those of the training texts for instance; a word is a run of letters. */
  readonly vocabulary: ReadonlySet<string>;
}

/** What may be told of a text without telling the text. Of an empty one, shares are 0. */
export function textFeatures(text: string): TextFeatures {
  const { name: script, share: scriptShare } = likeliestScript(text);
  const { name: language, share: languageShare } = likeliestLanguage(text);
  return { ...countsOf(text), script, scriptShare, language, languageShare };
}

/** The same, and how much of a text is none of the vocabulary. */
export function textFeaturesWith({ vocabulary }: TextFeatureOptions): (text: string) => TextFeaturesWithVocabulary {
  return (text) => ({ ...textFeatures(text), outOfVocabularyShare: unknownShare(text, vocabulary) });
}

/** Bounded as the language is: more words say no more. */
const MAX_CHARACTERS = 2000;

function unknownShare(text: string, vocabulary: ReadonlySet<string>): number {
  let words = 0;
  let unknown = 0;
  for (const [word] of text
    .slice(0, MAX_CHARACTERS)
    .toLowerCase()
    .matchAll(/\p{L}+/gu)) {
    words++;
    if (!vocabulary.has(word)) unknown++;
  }
  return words === 0 ? 0 : unknown / words;
}

function countsOf(text: string): Pick<TextFeatures, 'length' | 'words' | 'nonAsciiShare' | 'nonLetterShare'> {
  let length = 0;
  let nonAscii = 0;
  let spaces = 0;
  let nonLetters = 0;
  let words = 0;
  let isInWord = false;
  for (const character of text) {
    length++;
    if (character > '\u007f') nonAscii++;
    const isBetweenWords = isSpace(character);
    if (isBetweenWords) spaces++;
    else if (!isLetter(character)) nonLetters++;
    if (isInWord && isBetweenWords) words++;
    isInWord = !isBetweenWords;
  }
  if (isInWord) words++;
  return {
    length,
    words,
    nonAsciiShare: length === 0 ? 0 : nonAscii / length,
    nonLetterShare: length === spaces ? 0 : nonLetters / (length - spaces),
  };
}

/** As `\s`, which takes ten times as long for most characters. */
function isSpace(character: string): boolean {
  if (character > '\u007f') return /\s/u.test(character);
  return character === ' ' || (character >= '\t' && character <= '\r');
}

/** As `\p{L}` and the marks that letters bear. */
function isLetter(character: string): boolean {
  if (character > '\u007f') return /[\p{L}\p{M}]/u.test(character);
  return (character >= 'a' && character <= 'z') || (character >= 'A' && character <= 'Z');
}
