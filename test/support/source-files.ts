import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, posix, relative, sep } from 'node:path';

export const repositoryRoot = join(import.meta.dirname, '..', '..');

/** One TypeScript source of a package; paths are relative to the repository, with forward slashes. */
export interface SourceFile {
  readonly path: string;
  /** The folder under `packages/`. */
  readonly package: string;
  /** Path inside the package's `src`. */
  readonly inside: string;
  readonly text: string;
  readonly imports: readonly Import[];
}

export interface Import {
  readonly statement: string;
  /** As written: `./clock.ts`, `@driftline/sketches`, `node:fs`. */
  readonly specifier: string;
  /** The file of this repository that a relative import means. */
  readonly file?: string;
}

/** All sources of all packages but their tests. */
export function sourceFiles(): readonly SourceFile[] {
  return packageFolders().flatMap((name) =>
    filesUnder(`packages/${name}/src`)
      .filter((path) => /\.tsx?$/.test(path) && !path.includes('.test.'))
      .map((path) => sourceFile(path, read(path))),
  );
}

export function sourceFile(path: string, text: string): SourceFile {
  const [, name = '', , ...inside] = path.split('/');
  return {
    path,
    package: name,
    inside: inside.join('/'),
    text,
    imports: importsIn(text).map((imported) =>
      imported.specifier.startsWith('.')
        ? { ...imported, file: posix.join(posix.dirname(path), imported.specifier) }
        : imported,
    ),
  };
}

/** Static, type-only, re-exporting and dynamic imports. Comments cannot match: their lines start with a star or slash. */
export function importsIn(text: string): readonly Import[] {
  const names = String.raw`(?:type\s+)?(?:[\w$]+\s*,?\s*)?(?:\*(?:\s+as\s+[\w$]+)?|\{[^}]*\})?\s*from\s*`;
  const patterns = [
    new RegExp(String.raw`^\s*(?:import|export)\s+${names}['"]([^'"]+)['"]`, 'gm'),
    /^\s*import\s+['"]([^'"]+)['"]/gm,
    /^(?!\s*(?:\*|\/[/*])).*\bimport\(\s*['"]([^'"]+)['"]/gm,
  ];
  return patterns.flatMap((pattern) =>
    [...text.matchAll(pattern)].map(([statement, specifier = '']) => ({ statement, specifier })),
  );
}

export function packageFolders(): readonly string[] {
  return readdirSync(join(repositoryRoot, 'packages')).filter((name) =>
    existsInRepository(`packages/${name}/package.json`),
  );
}

/** Markdown of ours, and the manifests whose scripts name files. */
export function documents(): readonly string[] {
  const markdown = filesUnder('.').filter((path) => path.endsWith('.md') && path !== 'CHANGELOG.md');
  return [...markdown, 'package.json'];
}

export function read(path: string): string {
  return readFileSync(join(repositoryRoot, path), 'utf8');
}

export function existsInRepository(path: string, folder = '.'): boolean {
  return existsSync(join(repositoryRoot, folder, path));
}

function filesUnder(folder: string): readonly string[] {
  const skipped = new Set(['node_modules', 'dist', '.git', '.driftline', 'coverage']);
  return readdirSync(join(repositoryRoot, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = relative(repositoryRoot, join(entry.parentPath, entry.name)).split(sep).join('/');
    if (skipped.has(entry.name)) return [];
    return entry.isDirectory() ? filesUnder(path) : [path];
  });
}
