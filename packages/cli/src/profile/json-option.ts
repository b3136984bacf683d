import { readFile } from 'node:fs/promises';

/** The text of an option that is JSON itself or names a file of it, and what to call it in a message. */
export async function jsonOption(
  option: string,
  written: string,
): Promise<{ readonly json: string; readonly from: string }> {
  if (written.trimStart().startsWith('{')) return { json: written, from: option };
  try {
    return { json: await readFile(written, 'utf8'), from: written };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`${option} ${written} cannot be read: ${reason}. It takes JSON, {...}, or a file of it.`, {
      cause: error,
    });
  }
}
