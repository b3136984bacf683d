/** Words that make up a fifth and more of ordinary text, whatever it is about. */
const languages = [
  language('english', 'the of and to in is that it for was with as on be this are not have but you'),
  language('german', 'der die und das ist nicht ein eine zu den mit auf für sich dem es von ich auch sind'),
  language('french', 'le la les et des est une dans que pour pas qui sur au avec ce il je vous en'),
  language('spanish', 'el los las y que una para con por no se lo como más es su pero muy está del'),
  language('portuguese', 'o os que não uma para com do da em por mais como mas dos das ao é muito e'),
  language('italian', 'il che di è una per non sono con si gli della del anche ma questo ho più nel e'),
  language('dutch', 'de het een en van dat niet op zijn voor met te ik is ook maar bij aan er wat'),
  language('polish', 'i w nie na się z do to jest że co jak o ale po tak za dla od są'),
  language('russian', 'и в не на что я с он как это по но к у из за от так же вы'),
] as const;

function language<const Name extends string>(name: Name, commonest: string) {
  return { name, commonest: new Set(commonest.split(' ')) };
}

export type TextLanguage = (typeof languages)[number]['name'] | 'unknown';

export const textLanguages: readonly TextLanguage[] = [...languages.map(({ name }) => name), 'unknown'];

/** More words say no more about it. */
const MAX_CHARACTERS = 2000;

/** The language whose commonest words are most of a text's words, and their share in the words. */
export function likeliestLanguage(text: string): { readonly name: TextLanguage; readonly share: number } {
  const words =
    text
      .slice(0, MAX_CHARACTERS)
      .toLowerCase()
      .match(/\p{L}+/gu) ?? [];
  let [name, most]: readonly [TextLanguage, number] = ['unknown', 0];
  for (const language of languages) {
    let count = 0;
    for (const word of words) if (language.commonest.has(word)) count++;
    if (count > most) [name, most] = [language.name, count];
  }
  return { name, share: words.length === 0 ? 0 : most / words.length };
}
