/** What the shell learns: nothing found, something found, or no answer. */
export const exitCodes = { ok: 0, finding: 1, error: 2 } as const;
