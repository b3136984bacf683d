/** A type, since interfaces do not pass for a record of features. */
export type TextFeatures = {
  /** Characters, as Unicode code points. */
  readonly length: number;
  readonly words: number;
  /** 0 to 1; another language or script moves it. */
  readonly nonAsciiShare: number;
};

/** What may be told of a text without telling the text. Of an empty one, the share is 0. */
export function textFeatures(text: string): TextFeatures {
  let length = 0;
  let nonAscii = 0;
  let words = 0;
  let isInWord = false;
  for (const character of text) {
    length++;
    if (character > '\u007f') nonAscii++;
    const isSpace = /\s/u.test(character);
    if (isInWord && isSpace) words++;
    isInWord = !isSpace;
  }
  if (isInWord) words++;
  return { length, words, nonAsciiShare: length === 0 ? 0 : nonAscii / length };
}
