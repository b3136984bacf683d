export interface Surroundings {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Throws when it cannot be read. */
  readonly readSecretFile: (path: string) => string;
}

export type Interpolated = { readonly text: string } | { readonly complaint: string };

/** Replaces `${NAME}`, `${NAME:-default}` and `${file:/path}`; `$${` stands for a literal `${`. */
export function interpolate(text: string, surroundings: Surroundings): Interpolated {
  const complaints: string[] = [];
  const replaced = text.replaceAll(/\$\$\{|\$\{([^}]*)(\}?)/g, (match, reference: string | undefined, end: string) => {
    if (reference === undefined) return '${';
    const found = end === '}' ? resolve(reference, surroundings) : notAReference(match);
    if ('text' in found) return found.text;
    complaints.push(found.complaint);
    return '';
  });
  return complaints.length === 0 ? { text: replaced } : { complaint: complaints.join(' ') };
}

function resolve(reference: string, { environment, readSecretFile }: Surroundings): Interpolated {
  const path = /^file:(.+)$/s.exec(reference)?.[1];
  if (path !== undefined) return readFile(path, readSecretFile);
  const [, name, fallback] = /^([A-Za-z_]\w*)(?::-(.*))?$/s.exec(reference) ?? [];
  if (name === undefined) return notAReference(`\${${reference}}`);
  const value = Object.hasOwn(environment, name) ? environment[name] : undefined;
  if (fallback !== undefined) return { text: value === undefined || value === '' ? fallback : value };
  if (value !== undefined) return { text: value };
  return { complaint: `${name} is not set. Set it, or write \${${name}:-} to switch this off.` };
}

function readFile(path: string, read: Surroundings['readSecretFile']): Interpolated {
  try {
    return { text: read(path).replace(/\r?\n$/, '') };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { complaint: `${path} cannot be read (${reason}). Put the secret there, or name another file.` };
  }
}

function notAReference(text: string): Interpolated {
  return {
    complaint: `${text} is no substitution. Write \${NAME}, \${NAME:-default}, \${file:/path}, or $\${ for a literal.`,
  };
}
