import { z } from 'zod';
import { suggestion } from './suggestion.ts';

/** Keys that the documents describe and this version does not have yet, each with what to do instead. */
export type Later = Readonly<Record<string, string>>;

/**
 * A mapping with fixed keys: snake_case as written in YAML, camelCase in TypeScript. A key it does not know is refused,
 * with the nearest known one offered; so is one that is not built yet, rather than ignored.
 */
export function section<Shape extends z.core.$ZodLooseShape>(shape: Shape, later: Later = {}) {
  type Written = z.output<z.ZodObject<Shape, z.core.$strict>>;
  const known = Object.keys(shape);
  const written = z.strictObject(shape, {
    // One line for each key, in the order of `issue.keys`.
    error: (issue) =>
      issue.code === 'unrecognized_keys'
        ? issue.keys.map((key) => complaint(key, known, later)).join('\n')
        : `must be a mapping with ${listed(known)}`,
  });
  return z.codec(
    written,
    z.custom<CamelKeys<Written>>((value) => typeof value === 'object' && !Array.isArray(value)),
    {
      decode: (value) => camelKeys(value),
      encode: (value) => snakeKeys(value),
    },
  );
}

/** A list; `what` completes "must be a list of ...". */
export function list<Item extends z.core.SomeType>(item: Item, what: string) {
  return z.array(item, { error: `must be a list of ${what}` });
}

/** A mapping whose keys are the user's own names. */
export function byName<Item extends z.core.SomeType>(item: Item, what: string) {
  return z.record(z.string(), item, { error: `must be a mapping from names to ${what}` });
}

/** The same keys without their defaults: what is not written stays absent. */
export function withoutDefaults<Shape extends z.core.$ZodLooseShape>(shape: Shape): WithoutDefaults<Shape>;
export function withoutDefaults(shape: z.core.$ZodLooseShape): z.core.$ZodLooseShape {
  return Object.fromEntries(
    Object.entries(shape).map(([key, field]) => [
      key,
      field instanceof z.ZodPrefault ? z.exactOptional(field.unwrap()) : field,
    ]),
  );
}

type WithoutDefaults<Shape> = {
  [Key in keyof Shape]: Shape[Key] extends z.ZodPrefault<infer Inner> ? z.ZodExactOptional<Inner> : Shape[Key];
};

/** What is wrong with a word that is none of `known`. */
export function complaint(word: string, known: readonly string[], later: Later = {}): string {
  const wayOut = Object.hasOwn(later, word) ? later[word] : undefined;
  if (wayOut !== undefined) return `is not built yet; ${wayOut}`;
  const meant = suggestion(word, known);
  return `is unknown; known: ${listed(known)}${meant === undefined ? '' : `. Did you mean ${meant}?`}`;
}

function listed(words: readonly string[]): string {
  return words.length === 0 ? 'none' : words.join(', ');
}

type CamelCase<Key extends string> = Key extends `${infer Head}_${infer Tail}`
  ? `${Head}${Capitalize<CamelCase<Tail>>}`
  : Key;

export type CamelKeys<T> = { [Key in keyof T as Key extends string ? CamelCase<Key> : Key]: T[Key] };

function camelKeys<T extends object>(value: T): CamelKeys<T>;
function camelKeys(value: object): object {
  return renamed(value, camelCase);
}

function snakeKeys<T extends object>(value: CamelKeys<T>): T;
function snakeKeys(value: object): object {
  return renamed(value, snakeCase);
}

/** Zod asks to encode an optional section with a refinement also where it is absent, and drops what comes of it. */
function renamed(value: object | undefined, rename: (key: string) => string): object {
  return Object.fromEntries(Object.entries(value ?? {}).map(([key, field]) => [rename(key), field]));
}

function camelCase(key: string): string {
  return key.replaceAll(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
}

function snakeCase(key: string): string {
  return key.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** Keeps the encoder away from optional settings that are absent. */
export function isPresent(value: unknown): boolean {
  return value !== undefined;
}
