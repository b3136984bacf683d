import { readFile } from 'node:fs/promises';

/** The text of an option that is JSON itself or names a file of it, and what to call it in a message. */
interface GivenJson {
  readonly json: string;
  readonly from: string;
}

export async function jsonOption(option: string, written: string): Promise<GivenJson> {
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

/** Throws an error that names the option, or its file, where that holds no object. */
export function objectOption(option: string, { json, from }: GivenJson): Readonly<Record<string, unknown>> {
  const refused = (why: string, cause?: unknown) =>
    new Error(`${from} ${why}. ${option} takes JSON, {...}, or a file of it.`, { cause });
  let parsed: unknown;
  try {
    parsed = JSON.parse(json);
  } catch (error) {
    throw refused(`is no JSON: ${error instanceof Error ? error.message : String(error)}`, error);
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) throw refused('holds no object');
  return { ...parsed };
}
