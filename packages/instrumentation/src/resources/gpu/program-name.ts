const MAX_LENGTH = 64;

/** Without folder and arguments: drivers give whole command lines, and those hold secrets. */
export function programName(commandLine: string): string {
  const program = /^.*?\.exe\b/i.exec(commandLine)?.[0] ?? commandLine.split(/\s/, 1)[0] ?? '';
  return (program.split(/[/\\]/).at(-1) ?? '').slice(0, MAX_LENGTH);
}
