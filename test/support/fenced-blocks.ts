/** A block of code in a document. */
export interface FencedBlock {
  readonly language: string;
  /** What the comment on the line above says it is: `<!-- driftline.yaml -->`. Empty without one. */
  readonly label: string;
  readonly text: string;
  /** Of the opening fence, from 1. */
  readonly line: number;
}

export function fencedBlocks(document: string): readonly FencedBlock[] {
  return [...document.matchAll(/(?:^<!-- ([^\n]+) -->\n)?^```(\w*)\n(.*?)^```$/gms)].map((match) => ({
    label: match[1] ?? '',
    language: match[2] ?? '',
    text: match[3] ?? '',
    line: document.slice(0, match.index).split('\n').length + (match[1] === undefined ? 0 : 1),
  }));
}

/** A command as a document shows it, with what it prints. */
export interface ShownCommand {
  readonly command: string;
  /** Undefined where the document shows none. */
  readonly output?: string;
}

/** Of `sh` every line, of `console` those after `$ `, with the lines up to the next. */
export function commandsIn({ language, text }: FencedBlock): readonly ShownCommand[] {
  if (language === 'sh')
    return text
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'))
      .map((command) => ({ command }));
  if (language !== 'console') return [];
  return text
    .split(/^\$ /m)
    .slice(1)
    .map((shown) => {
      const [command = '', ...output] = shown.trimEnd().split('\n');
      return { command, output: output.join('\n') };
    });
}
