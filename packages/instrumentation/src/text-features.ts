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
  script: textScripts,
  scriptShare: 'numeric',
  language: textLanguages,
  languageShare: 'numeric',
} as const satisfies FeatureKinds & Record<keyof TextFeatures, unknown>;

/** What may be told of a text without telling the text. Of an empty one, shares are 0. */
export function textFeatures(text: string): TextFeatures {
  const { name: script, share: scriptShare } = likeliestScript(text);
  const { name: language, share: languageShare } = likeliestLanguage(text);
  return { ...countsOf(text), script, scriptShare, language, languageShare };
}

function countsOf(text: string): Pick<TextFeatures, 'length' | 'words' | 'nonAsciiShare'> {
  let length = 0;
  let nonAscii = 0;
  let words = 0;
  let isInWord = false;
  for (const character of text) {
    length++;
    if (character > '\u007f') nonAscii++;
    const isBetweenWords = isSpace(character);
    if (isInWord && isBetweenWords) words++;
    isInWord = !isBetweenWords;
  }
  if (isInWord) words++;
  return { length, words, nonAsciiShare: length === 0 ? 0 : nonAscii / length };
}

/** As `\s`, which takes ten times as long for most characters. */
function isSpace(character: string): boolean {
  if (character > '\u007f') return /\s/u.test(character);
  return character === ' ' || (character >= '\t' && character <= '\r');
}
