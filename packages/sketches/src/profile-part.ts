/** A profile cannot be used. The message names the part, its value and the way out. */
export class ProfileError extends Error {
  override readonly name = 'ProfileError';
}

/** One part of a profile that came from outside, with the path that leads to it. */
export class ProfilePart {
  readonly path: string;
  readonly value: unknown;

  constructor(path: string, value: unknown) {
    this.path = path;
    this.value = value;
  }

  /** Where this part is no object, its way out is said here; a missing field is reported by its own reader. */
  field(name: string): ProfilePart {
    const fields = this.#fields();
    return new ProfilePart(joinPath(this.path, name), Object.hasOwn(fields, name) ? fields[name] : undefined);
  }

  entries(): [name: string, part: ProfilePart][] {
    return Object.keys(this.#fields()).map((name) => [name, this.field(name)]);
  }

  items(): ProfilePart[] {
    if (!Array.isArray(this.value)) this.refuse('an array is needed');
    const items: readonly unknown[] = this.value;
    return items.map((item, i) => new ProfilePart(`${this.path}[${i}]`, item));
  }

  /** undefined where the part is absent. */
  optional(): ProfilePart | undefined {
    return this.value === undefined ? undefined : this;
  }

  text(): string {
    if (typeof this.value !== 'string') this.refuse('a text is needed');
    return this.value;
  }

  number(): number {
    if (typeof this.value !== 'number' || !Number.isFinite(this.value)) this.refuse('a finite number is needed');
    return this.value;
  }

  atLeast(least: number): number {
    const number = this.number();
    return number >= least ? number : this.refuse(`it must be at least ${least}`);
  }

  /** A whole number of rows, or of whatever else is counted. */
  count(least = 0): number {
    const number = this.atLeast(least);
    return Number.isSafeInteger(number) ? number : this.refuse('a whole number below 2^53 is needed');
  }

  counts(): number[] {
    return this.items().map((item) => item.count());
  }

  increasing(): number[] {
    const numbers = this.items().map((item) => item.number());
    const fault = numbers.findIndex((number, i) => i > 0 && number <= numbers[i - 1]!);
    if (fault > 0) {
      this.#itemAt(fault).refuse(
        `it is not above ${numbers[fault - 1]} before it; edges and indexes strictly increase`,
      );
    }
    return numbers;
  }

  /** Strictly increasing indexes below `end`. */
  indexes(end: number): number[] {
    const indexes = this.increasing();
    for (const item of this.items()) item.index(end);
    return indexes;
  }

  index(end: number): number {
    const index = this.count();
    return index < end ? index : this.refuse(`it must be the index of one of ${end} edges`);
  }

  refuse(why: string): never {
    throw new ProfileError(`profile: ${this.path || 'the whole of it'} ${said(this.value)}: ${why}. ${wayOut}`);
  }

  #itemAt(index: number): ProfilePart {
    return this.items()[index]!;
  }

  #fields(): Record<string, unknown> {
    return isObject(this.value) ? this.value : this.refuse('an object is needed');
  }
}

const wayOut = 'Build it again with "driftline profile build", or restore the file as it was built';

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function joinPath(path: string, name: string): string {
  const step = /^[A-Za-z_$][\w$]*$/.test(name) ? `.${name}` : `[${JSON.stringify(name)}]`;
  return `${path}${step}`.replace(/^\./, '');
}

/** Short enough for a line: a profile holds thousands of numbers. */
function said(value: unknown): string {
  if (value === undefined) return 'is missing';
  const json = typeof value === 'number' ? String(value) : (JSON.stringify(value) ?? typeof value);
  return `is ${json.length > 40 ? `${json.slice(0, 40)}…` : json}`;
}
