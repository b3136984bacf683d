import { Misuse } from '../faults.ts';
import type { AnyFunction } from '../wrap-types.ts';

/** Gets each call of a patched method. `original` is what the method was. */
export type Interceptor = (original: AnyFunction, self: unknown, args: never[]) => unknown;

/** On the function in a method's place, so that a second copy of this package leaves it alone. */
const PATCHED = Symbol.for('@driftline/instrumentation.patched');

const patchedMethods = new WeakMap<AnyFunction, PatchedMethod>();

/**
 * Puts `intercept` between the callers of a method and the method; returns how to take it out again. However often a method
 * is patched, each call meets one interceptor, the last that was put in; without any, the method is the very same function
 * as before. Throws a TypeError where there is no such method, or where nothing can be put in its place.
 */
export function patchMethod(on: object, method: string, intercept: Interceptor): () => void {
  const current: unknown = Reflect.get(on, method);
  if (!isFunction(current)) throw new Misuse(`${method} is ${typeof current}, not a method`);
  const known = patchedMethods.get(current);
  if (known !== undefined && known.on === on) return known.add(intercept);
  if (Reflect.has(current, PATCHED)) return () => {};
  return new PatchedMethod(on, method, current).add(intercept);
}

class PatchedMethod {
  readonly on: object;
  readonly #method: string;
  readonly #replacement: AnyFunction;
  /** Undefined where the method is inherited. */
  readonly #descriptor: PropertyDescriptor | undefined;
  #interceptors: readonly Interceptor[] = [];

  constructor(on: object, method: string, original: AnyFunction) {
    this.on = on;
    this.#method = method;
    this.#descriptor = Object.getOwnPropertyDescriptor(on, method);
    this.#replacement = this.#inPlaceOf(original);
    Object.defineProperty(on, method, {
      value: this.#replacement,
      configurable: true,
      writable: true,
      enumerable: this.#descriptor?.enumerable ?? false,
    });
    patchedMethods.set(this.#replacement, this);
  }

  add(intercept: Interceptor): () => void {
    // An identity of its own: the same interceptor may be put in twice and taken out once.
    const own: Interceptor = (...call) => intercept(...call);
    this.#interceptors = [...this.#interceptors, own];
    return () => {
      this.#interceptors = this.#interceptors.filter((other) => other !== own);
      if (this.#interceptors.length === 0) this.#restore();
    };
  }

  /** It stays where somebody else has patched on top of it since: their function calls it. */
  #restore(): void {
    if (Reflect.get(this.on, this.#method) !== this.#replacement) return;
    patchedMethods.delete(this.#replacement);
    if (this.#descriptor === undefined) Reflect.deleteProperty(this.on, this.#method);
    else Object.defineProperty(this.on, this.#method, this.#descriptor);
  }

  #inPlaceOf(original: AnyFunction): AnyFunction {
    const call = (self: unknown, args: never[]): unknown => {
      const intercept = this.#interceptors.at(-1);
      return intercept === undefined ? Reflect.apply(original, self, args) : intercept(original, self, args);
    };
    function replacement(this: unknown, ...args: never[]): unknown {
      return call(this, args);
    }
    // What else the function carries (its name, `length`, properties of its own) is found behind it.
    for (const key of Reflect.ownKeys(original)) {
      const descriptor = Reflect.getOwnPropertyDescriptor(original, key);
      if (descriptor?.configurable === true) Object.defineProperty(replacement, key, descriptor);
    }
    Object.defineProperty(replacement, PATCHED, { value: true });
    return Object.setPrototypeOf(replacement, Object.getPrototypeOf(original));
  }
}

const isFunction = (value: unknown): value is AnyFunction => typeof value === 'function';
