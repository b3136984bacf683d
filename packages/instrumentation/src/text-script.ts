/** Others are `other`; a text without letters has `none`. */
const scripts = [
  { name: 'latin', letter: /\p{Script=Latin}/u },
  { name: 'cyrillic', letter: /\p{Script=Cyrillic}/u },
  { name: 'greek', letter: /\p{Script=Greek}/u },
  { name: 'arabic', letter: /\p{Script=Arabic}/u },
  { name: 'hebrew', letter: /\p{Script=Hebrew}/u },
  { name: 'devanagari', letter: /\p{Script=Devanagari}/u },
  { name: 'bengali', letter: /\p{Script=Bengali}/u },
  { name: 'thai', letter: /\p{Script=Thai}/u },
  { name: 'han', letter: /\p{Script=Han}/u },
  { name: 'kana', letter: /[\p{Script=Hiragana}\p{Script=Katakana}]/u },
  { name: 'hangul', letter: /\p{Script=Hangul}/u },
  { name: 'other', letter: /\p{L}/u },
] as const;

export type TextScript = (typeof scripts)[number]['name'] | 'none';

export const textScripts: readonly TextScript[] = [...scripts.map(({ name }) => name), 'none'];

/** More letters say no more about it. */
const MAX_CHARACTERS = 1000;

/** The script that most of a text's letters are of, and their share in its letters. */
export function likeliestScript(text: string): { readonly name: TextScript; readonly share: number } {
  const counts = new Map<TextScript, number>();
  let letters = 0;
  for (const character of text.slice(0, MAX_CHARACTERS)) {
    const script = scriptOf(character);
    if (script === undefined) continue;
    letters++;
    counts.set(script, (counts.get(script) ?? 0) + 1);
  }
  let [name, most]: readonly [TextScript, number] = ['none', 0];
  for (const [script, count] of counts) if (count > most) [name, most] = [script, count];
  return { name, share: letters === 0 ? 0 : most / letters };
}

function scriptOf(character: string): TextScript | undefined {
  if (character <= '\u007f') return isAsciiLetter(character) ? 'latin' : undefined;
  return scripts.find(({ letter }) => letter.test(character))?.name;
}

function isAsciiLetter(character: string): boolean {
  return (character >= 'a' && character <= 'z') || (character >= 'A' && character <= 'Z');
}
