/** Something wrong with the settings, and where. */
export interface SettingsProblem {
  /** From 1; absent when the file as a whole is meant. */
  readonly line?: number;
  readonly column?: number;
  /** Names the setting, the value and the way out. */
  readonly message: string;
}

/** All that is wrong with the settings, at once: one line each, `file:line:column  what`. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';
  readonly file: string;
  readonly problems: readonly SettingsProblem[];

  constructor(file: string, problems: readonly SettingsProblem[]) {
    const inOrder = problems.toSorted(
      (one, other) => (one.line ?? 0) - (other.line ?? 0) || (one.column ?? 0) - (other.column ?? 0),
    );
    super(inOrder.map(({ line, column, message }) => `${place(file, line, column)}  ${message}`).join('\n'));
    this.file = file;
    this.problems = inOrder;
  }
}

function place(file: string, line: number | undefined, column: number | undefined): string {
  return line === undefined ? file : `${file}:${line}:${column ?? 1}`;
}
