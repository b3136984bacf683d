import { type Document, isAlias, isMap, isNode, isScalar, isSeq, LineCounter, parseDocument, type Scalar } from 'yaml';
import { interpolate, type Surroundings } from './interpolation.ts';
import type { SettingsProblem } from './problem.ts';

export type Path = readonly PropertyKey[];

/** A settings file with its substitutions done, that still knows where each value stands and how it was written. */
export interface YamlSource {
  readonly value: unknown;
  readonly problems: readonly SettingsProblem[];
  /** A problem with the value at `path`, shown as it stands in the file, so that no substituted secret is. */
  problemWithValue(path: Path, complaint: string, options?: { readonly isSecret?: boolean }): SettingsProblem;
  problemWithKey(path: Path, complaint: string): SettingsProblem;
  /** Its substitution failed, which was said already. */
  isUnresolved(path: Path): boolean;
}

export function readYaml(text: string, surroundings: Surroundings): YamlSource {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, logLevel: 'error' });
  const at = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  };
  const syntaxProblems = [...document.errors, ...document.warnings].map(({ pos, message }) => ({
    ...at(pos[0]),
    message: `${message.replaceAll(/\s+/g, ' ')} (YAML)`,
  }));

  const asWritten = new Map<Scalar, string>();
  const unresolved = new Set<unknown>();
  const substitutionProblems: SettingsProblem[] = [];
  for (const { path, scalar } of syntaxProblems.length > 0 ? [] : scalarsOf(document.contents, [])) {
    if (typeof scalar.value !== 'string' || !scalar.value.includes('${')) continue;
    asWritten.set(scalar, scalar.value);
    const found = interpolate(scalar.value, surroundings);
    if ('text' in found) {
      scalar.value = found.text;
    } else {
      unresolved.add(scalar);
      substitutionProblems.push({ ...at(scalar.range?.[0] ?? 0), message: `${pathText(path)}: ${found.complaint}` });
    }
  }

  const plain = syntaxProblems.length > 0 ? { value: undefined, problems: [] } : plainValue(document);
  return {
    value: plain.value,
    problems: [...syntaxProblems, ...substitutionProblems, ...plain.problems],
    problemWithValue(path, complaint, { isSecret = false } = {}) {
      const { node, offset } = locate(document, path);
      const shown = isScalar(node) ? ` ${asShown(asWritten.get(node) ?? node.value, isSecret)}` : '';
      const separator = complaint.startsWith(':') ? '' : ' ';
      return { ...at(offset), message: `${pathText(path)}${shown}${separator}${complaint}` };
    },
    problemWithKey(path, complaint) {
      return { ...at(locate(document, path).keyOffset), message: `${pathText(path)} ${complaint}` };
    },
    isUnresolved: (path) => unresolved.has(locate(document, path).node),
  };
}

/** `rules[0].notify`, `models."my model".window`. */
function pathText(path: Path): string {
  return path.reduce<string>((text, step) => {
    if (typeof step === 'number') return `${text}[${step}]`;
    const name = String(step);
    const quoted = /^[\w-]+$/.test(name) ? name : JSON.stringify(name);
    return text === '' ? quoted : `${text}.${quoted}`;
  }, '');
}

function asShown(value: unknown, isSecret: boolean): string {
  if (typeof value !== 'string') return String(value);
  if (isSecret && !value.includes('${')) return '***';
  return JSON.stringify(value.length > 80 ? `${value.slice(0, 80)}…` : value);
}

function* scalarsOf(node: unknown, path: Path): Generator<{ readonly path: Path; readonly scalar: Scalar }> {
  if (isScalar(node)) yield { path, scalar: node };
  if (isSeq(node)) for (const [index, item] of node.items.entries()) yield* scalarsOf(item, [...path, index]);
  if (isMap(node)) for (const { key, value } of node.items) yield* scalarsOf(value, [...path, keyText(key)]);
}

/** The node at `path`, or the nearest one around it, when the path leads to something that is not there. */
function locate(document: Document, path: Path) {
  let node: unknown = document.contents;
  let found = { node: path.length === 0 ? node : undefined, offset: offsetOf(node, 0), keyOffset: offsetOf(node, 0) };
  for (const [depth, step] of path.entries()) {
    const container = isAlias(node) ? node.resolve(document) : node;
    const pair = isMap(container) ? container.items.find(({ key }) => keyText(key) === String(step)) : undefined;
    const next = isSeq(container) ? container.items[Number(step)] : pair?.value;
    const keyOffset = offsetOf(pair?.key, found.offset);
    if (next === undefined) return { ...found, node: undefined, keyOffset };
    node = next;
    const isLast = depth === path.length - 1;
    found = { node: isLast ? next : undefined, offset: offsetOf(next, keyOffset), keyOffset };
  }
  return found;
}

function offsetOf(node: unknown, otherwise: number): number {
  return (isNode(node) ? node.range?.[0] : undefined) ?? otherwise;
}

function keyText(key: unknown): string {
  return isScalar(key) ? String(key.value) : String(key);
}

function plainValue(document: Document): { readonly value: unknown; readonly problems: readonly SettingsProblem[] } {
  try {
    return { value: document.toJS({ maxAliasCount: 100 }) ?? {}, problems: [] };
  } catch (error) {
    // An alias of nothing, or aliases that multiply without end.
    return {
      value: undefined,
      problems: [{ message: `${error instanceof Error ? error.message : String(error)} (YAML)` }],
    };
  }
}
